"""What she told is in the history: as a table, as CSV and as a picture, without sum or judgement."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

import pytest

from voice.chart import chart, write_chart
from voice.errors import LullError
from voice.guide.load import load_guide
from voice.guide.parts import Amount
from voice.guide.session import new_session
from voice.runtime.bookmarks import bookmark, open_session
from voice.runtime.history import Past, history
from voice.runtime.journal import Journal
from voice.tables import history_csv

GUIDE = load_guide()
TOLD = (Amount(60, "ml", "left"), Amount(2, "oz", "right"))


def past(*amounts: Amount) -> Past:
    return Past(datetime(2026, 11, 23, 2, 30, tzinfo=UTC), 31.0, "finished", "finish", {}, amounts, "2:30")


def night(path: Path, **fields: object) -> None:
    journal = Journal.open(path)
    made = new_session(GUIDE, at=0.0)
    place = type(made.place)(step="finish")
    kept = bookmark(type(made)(**{**vars(made), "place": place, **fields}))
    journal.begin(GUIDE.id, GUIDE.version, kept)
    journal.end("finished")
    journal.close()


def test_what_she_told_is_in_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    night(path, amounts=TOLD, expressed_at="2:30")
    night(path)
    first, second = history(path)
    assert (first.amounts, first.expressed_at) == (TOLD, "2:30")
    assert second.amounts == ()
    lines = history_csv([first, second]).splitlines()
    assert lines[0].endswith("milk,milk at")
    assert lines[1].endswith('"60 ml left, 2 oz right",2:30')
    assert lines[2].endswith(",,")


def test_the_chart_is_a_picture_with_a_bar_for_each_side(tmp_path: Path) -> None:
    told = write_chart([past(*TOLD), past(), past(Amount(30, "ml"))], tmp_path / "milk.svg")
    assert told.startswith("2 sessions")
    root = ET.fromstring((tmp_path / "milk.svg").read_text(encoding="utf-8"))
    bars = [each for each in root.iter("{http://www.w3.org/2000/svg}rect") if each.get("width") == "26"]
    assert len(bars) == 3
    texts = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"119", "30", "left", "right", "2:30"} <= set(texts)
    assert not any(
        word in " ".join(map(str, texts)).lower() for word in ("average", "target", "goal", "total")
    )


def test_nothing_told_is_nothing_drawn(tmp_path: Path) -> None:
    assert "nothing to draw" in write_chart([past()], tmp_path / "milk.svg")
    assert not (tmp_path / "milk.svg").exists()
    with pytest.raises(LullError, match="cannot be written"):
        write_chart([past(*TOLD)], tmp_path / "no" / "milk.svg")


def test_a_drop_that_is_none_is_no_fault() -> None:
    assert chart([past(Amount(0, "ml"))]).startswith("<svg")


def test_a_loss_is_remembered_the_next_night(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    night(path)
    made = new_session(GUIDE, at=0.0)
    journal = Journal.open(path)
    journal.begin(GUIDE.id, GUIDE.version, bookmark(type(made)(**{**vars(made), "apart": "died"})))
    journal.end("left")
    journal.close()
    session, _ = open_session(GUIDE, Journal.open(path), 0.0, 12.0, 1.0, -6.0)
    assert session.apart == "died"
