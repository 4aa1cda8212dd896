"""What stands between the world and the rest of the copilot: redaction of secrets, verification before disclosure."""
