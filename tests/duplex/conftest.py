"""The virtual sound card as a fixture."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.duplex.sound_card import HERE, REAL_TIME, share_of_a_core, wait_for


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A virtual sound card; the variables with which programs find it."""
    share = share_of_a_core()
    if share < REAL_TIME:
        pytest.skip(f"real time needs {REAL_TIME:.0%} of a core, and this machine gives {share:.0%} now")
    folder = tmp_path / "card"
    folder.mkdir()
    card = subprocess.Popen([str(HERE / "virtual_sound_card.sh"), str(folder)], stderr=subprocess.DEVNULL)
    inside = {
        **os.environ,
        "PULSE_SERVER": f"unix:{folder / 'sock'}",
        "LULL_DATA_FOLDER": str(tmp_path / "data"),
        "LULL_CACHE_FOLDER": str(tmp_path / "cache"),
        "LULL_SETTINGS": str(tmp_path / "settings.toml"),
        "PYTHONUNBUFFERED": "1",
    }

    def answers() -> bool:
        asked = subprocess.run(["pactl", "info"], env=inside, capture_output=True, timeout=10, check=False)
        return asked.returncode == 0

    try:
        wait_for("the virtual sound card answers", answers, 15)
        yield inside
    finally:
        card.terminate()
        card.wait(timeout=10)
