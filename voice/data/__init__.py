"""Every word said or heard, as files; `DATA` is where they are."""

from pathlib import Path

DATA = Path(__file__).parent
