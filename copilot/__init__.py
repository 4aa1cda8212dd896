"""What the agent and the reviewer use: live calls, notes, cards, and the service that carries them."""

__version__ = "0.1.0"
