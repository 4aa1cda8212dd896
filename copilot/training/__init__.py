"""Training from the documents themselves: what has changed and who knows, and short quizzes with citations."""
