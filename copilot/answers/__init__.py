"""Answers to the agent's own questions, quoted from the documents."""

from copilot.answers.extractive import Answer, Source, answer_question

__all__ = ["Answer", "Source", "answer_question"]
