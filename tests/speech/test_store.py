"""The store: a sentence is made once, and nothing that happens to the disk is heard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from voice.errors import LullError
from voice.speech.silent import SilentEngine
from voice.speech.soundio import read_sound
from voice.speech.store import Store

TEXT = "Lay a warm cloth over your breasts."


class Tones(Protocol):
    """The counting engine of conftest.py."""

    name: str
    version: str
    rate: int
    rendered: list[str]
    before_render: Callable[[str], None]

    def voices(self) -> tuple[str, ...]: ...
    def render(self, text: str, voice: str, rate: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]: ...
    def close(self) -> None: ...


def entries(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.flac"))


def run_child(code: str, folder: Path) -> subprocess.Popen[str]:
    """A Python process with `Store`, `SilentEngine` and a store `s` of noise in `folder`."""
    head = f"""
        import os, resource, threading
        import numpy as np
        from pathlib import Path
        from voice.speech.silent import SilentEngine
        from voice.speech.store import Store
        class Noise(SilentEngine):
            def render(self, text, voice, rate):
                return np.random.default_rng(len(text)).normal(0, 0.1, 24000).astype(np.float32)
        s = Store(Noise(), Path({str(folder)!r}))
    """
    program = textwrap.dedent(head) + textwrap.dedent(code)
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, encoding="utf-8")


def test_the_same_text_gives_the_same_samples_and_is_rendered_once(engine: Tones, tmp_path: Path) -> None:
    first = Store(engine, tmp_path).get(TEXT)
    again = Store(engine, tmp_path)
    assert np.array_equal(again.get(TEXT).samples, first.samples)
    assert np.array_equal(again.get(TEXT).samples, first.samples)
    assert engine.rendered == [TEXT]
    assert (first.rate, first.text) == (24_000, TEXT)
    assert again.seconds(TEXT) == first.seconds


def test_an_entry_is_an_ordinary_sound_file(engine: Tones, tmp_path: Path) -> None:
    clip = Store(engine, tmp_path / "new" / "folder").get(TEXT)
    (path,) = entries(tmp_path / "new" / "folder")
    samples, rate = read_sound(path)
    assert rate == 24_000
    assert np.array_equal(samples, clip.samples)


def test_pace_voice_and_engine_version_have_their_own_entries(engine: Tones, tmp_path: Path) -> None:
    store = Store(engine, tmp_path)
    plain, slow = store.get(TEXT), store.get(TEXT, rate=0.8)
    assert slow.seconds / plain.seconds == pytest.approx(1.25, abs=0.02)
    store.get(TEXT, voice="tone")
    engine.version = "2"
    store.get(TEXT)
    assert len(engine.rendered) == 4
    assert len(entries(tmp_path)) == 4


@pytest.mark.parametrize("damage", ["truncated", "half", "flipped", "empty", "text", "other sound"])
def test_a_damaged_entry_is_rendered_again_and_healed(engine: Tones, tmp_path: Path, damage: str) -> None:
    whole = Store(engine, tmp_path).get(TEXT)
    (path,) = entries(tmp_path)
    data = bytearray(path.read_bytes())
    if damage == "flipped":
        data[len(data) // 2] ^= 0x10
    elif damage == "other sound":
        Store(engine, tmp_path / "other").get("Another sentence.")
        data = bytearray(entries(tmp_path / "other")[0].read_bytes())
        data[100:110] = bytes(10)
    kept = {"truncated": data[:-7], "half": data[: len(data) // 2], "empty": b"", "text": b"not sound"}
    path.write_bytes(bytes(kept.get(damage, data)))
    engine.rendered.clear()
    assert np.array_equal(Store(engine, tmp_path).get(TEXT).samples, whole.samples)
    assert engine.rendered == [TEXT]
    Store(engine, tmp_path).get(TEXT)
    assert engine.rendered == [TEXT]


def test_a_full_disk_costs_nothing_but_speed_and_is_told_once(tmp_path: Path) -> None:
    child = run_child(
        """
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        print(len(s.get("one").samples) > 20000, len(s.get("three").samples) > 20000)
        print(len(s.take_problems()), len(s.take_problems()))
        """,
        tmp_path,
    )
    out, _ = child.communicate(timeout=30)
    assert out.split() == ["True", "True", "1", "0"]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told_once(engine: Tones, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(engine, tmp_path / "file" / "cache")
    assert store.get(TEXT).seconds > 0.5
    store.get("Another sentence.")
    (problem,) = store.take_problems()
    assert str(tmp_path / "file" / "cache") in problem
    assert store.take_problems() == []
    store.get(TEXT)
    assert engine.rendered == [TEXT, "Another sentence."], "what was just said stays in memory"


def test_a_crash_in_the_middle_of_writing_leaves_no_broken_entry(engine: Tones, tmp_path: Path) -> None:
    child = run_child(
        """
        def stuck(descriptor):
            print("writing", flush=True)
            threading.Event().wait()
        os.fsync = stuck
        s.get("one")
        """,
        tmp_path,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "writing\n"
    child.send_signal(signal.SIGKILL)
    child.communicate(timeout=30)
    (part,) = tmp_path.iterdir()
    assert part.suffix == ".part"
    os.utime(part, (0, 0))
    Store(engine, tmp_path).get(TEXT)
    assert [path.suffix for path in tmp_path.iterdir()] == [".flac"]


def test_killed_at_any_moment_every_entry_is_whole(tmp_path: Path) -> None:
    child = run_child(
        """
        for n in range(100000):
            s.get("x" * n)
            print(n, flush=True)
        """,
        tmp_path,
    )
    assert child.stdout is not None
    for _ in range(20):
        child.stdout.readline()
    child.kill()
    child.communicate(timeout=30)
    assert len(entries(tmp_path)) >= 20
    assert all(len(read_sound(path)[0]) > 23_000 for path in entries(tmp_path))


def test_room_on_disk_is_bounded_and_what_was_used_last_stays(engine: Tones, tmp_path: Path) -> None:
    limit = 150_000
    for n in range(40):
        Store(engine, tmp_path, limit).get(TEXT)
        Store(engine, tmp_path, limit).get(f"Sentence number {n} of many.")
        assert sum(path.stat().st_size for path in entries(tmp_path)) <= limit
    assert engine.rendered.count(TEXT) == 1, "used every time, so never removed"
    assert 1 < len(entries(tmp_path)) < 40


def test_many_threads_share_one_rendering(engine: Tones, tmp_path: Path) -> None:
    store = Store(engine, tmp_path)
    texts = [f"Sentence number {n}." for n in range(6)] * 8
    with ThreadPoolExecutor(8) as threads:
        clips = list(threads.map(store.get, texts))
    assert sorted(engine.rendered) == sorted(set(texts))
    for text, clip in zip(texts, clips, strict=True):
        assert clip.text == text
        assert np.array_equal(clip.samples, clips[texts.index(text)].samples)


def test_a_spare_voice_takes_over_for_good_when_the_first_fails(engine: Tones, tmp_path: Path) -> None:
    class Broken(SilentEngine):
        name = "broken"

        def render(self, text: str, voice: str, rate: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
            raise LullError("The broken voice is broken.")

    with pytest.raises(LullError, match="broken voice"):
        Store(Broken(), tmp_path).get(TEXT, "heart")
    store = Store(Broken(), tmp_path, spare=lambda: engine)
    assert store.get(TEXT, "heart").seconds > 0.5
    assert store.get(TEXT, "heart").seconds > 0.5
    store.get("Another sentence.", "heart")
    assert engine.rendered == [TEXT, "Another sentence."]
    assert store.take_problems() == ["The broken voice is broken. The tone voice speaks instead."]


def test_without_a_folder_it_keeps_sentences_in_memory(engine: Tones) -> None:
    store = Store(engine, None)
    store.get(TEXT)
    store.get(TEXT)
    assert engine.rendered == [TEXT]
