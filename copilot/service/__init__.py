"""The HTTP service: what `copilot serve` runs."""

from copilot.service.app import create_app

__all__ = ["create_app"]
