"""The sidebar as one custom element, `<retention-copilot>`: plain modules in `src/`, served as one script."""

from copilot.widget.bundle import SOURCES, widget_script, widget_style, widget_words

__all__ = ["SOURCES", "widget_script", "widget_style", "widget_words"]
