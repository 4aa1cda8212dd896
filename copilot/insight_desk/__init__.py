"""The desk of insight: joins what insight counts with the calls, cases, drafts and scores it is counted from."""

from copilot.insight_desk.board import Board
from copilot.insight_desk.desk import NOTE_KINDS, InsightDesk

__all__ = ["NOTE_KINDS", "Board", "InsightDesk"]
