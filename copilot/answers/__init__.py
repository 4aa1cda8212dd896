"""Answers to the agent's own questions: quoted from the documents, or worded by a model and checked against them."""

from copilot.answers.extractive import Answer, AnswerSentence, Finding, Source, find_answer
from copilot.answers.worded import word_answer

__all__ = ["Answer", "AnswerSentence", "Finding", "Source", "find_answer", "word_answer"]
