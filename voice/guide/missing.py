"""A command that means nothing at this moment."""

from __future__ import annotations

from dataclasses import replace

from voice.guide.session import Session


def missed(session: Session) -> Session:
    """Nothing changes; a soft sign says that it was not understood."""
    return replace(session, signs_missed=session.signs_missed + 1)
