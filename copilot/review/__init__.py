"""The reviewers' desk: what waits for a decision, who decided what and why, and a log that cannot be altered unseen."""
