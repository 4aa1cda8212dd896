"""Answers to complaints, posts, reviews, e-mails and surveys: read, drafted, checked; a person decides."""
