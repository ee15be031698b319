"""The only thing a display or a bridge may know of the runtime."""

from voice.guide.view import View

__all__ = ["View"]
