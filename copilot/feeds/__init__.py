"""Where transcripts come from: one file per source, all giving `copilot.transcript` records."""

from copilot.feeds.transcript_file import MAX_TURN_CHARACTERS, TranscriptRecord, TurnRecord, read_transcripts

__all__ = ["MAX_TURN_CHARACTERS", "TranscriptRecord", "TurnRecord", "read_transcripts"]
