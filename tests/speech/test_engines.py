"""The real voices of this machine, without a network."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from voice.errors import LullError
from voice.speech.clip import tidy
from voice.speech.engines import Engine, check_voice, choose_engine
from voice.speech.hibari_engine import HibariEngine
from voice.speech.pyttsx3_engine import Pyttsx3Engine
from voice.speech.silent import SilentEngine
from voice.speech.store import Store

WARM = "Lay a warm cloth over your breasts."
WRIST = "Test it inside your wrist first."


@pytest.fixture(scope="module")
def hibari() -> HibariEngine:
    return HibariEngine()


@pytest.fixture(scope="module")
def espeak() -> Iterator[Pyttsx3Engine]:
    engine = Pyttsx3Engine()
    yield engine
    engine.close()


@pytest.fixture(params=["hibari", "espeak"])
def real(request: pytest.FixtureRequest) -> Engine:
    engine: Engine = request.getfixturevalue(request.param)
    return engine


def hide(monkeypatch: pytest.MonkeyPatch, *hidden: str) -> None:
    """Make packages look as if they were not installed."""
    find = importlib.util.find_spec

    def find_spec(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name in hidden else find(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)


def loudness(samples: NDArray[np.float32], rate: int) -> float:
    """RMS of the speech in dB: of the tenths of a second within 30 dB of the loudest."""
    frame = rate // 10
    rms = np.sqrt(np.mean(samples[: len(samples) // frame * frame].reshape(-1, frame) ** 2, axis=1))
    return float(20 * np.log10(np.sqrt(np.mean(rms[rms > rms.max() * 10**-1.5] ** 2))))


def test_two_lines_are_two_different_sounds_of_plausible_length(real: Engine) -> None:
    warm, wrist = real.render(WARM, "auto", 1.0), real.render(WRIST, "auto", 1.0)
    for samples, text in ((warm, WARM), (wrist, WRIST)):
        assert samples.dtype == np.float32
        assert samples.ndim == 1
        assert 0.5 < len(samples) / real.rate / (len(text) / 14) < 1.6
        assert 0.05 < np.abs(samples).max() <= 1.0
    shorter = min(len(warm), len(wrist))
    assert np.abs(np.corrcoef(warm[:shorter], wrist[:shorter])[0, 1]) < 0.5
    assert abs(len(real.render(WARM, "auto", 1.0)) - len(warm)) <= 2537


def test_pace_changes_the_length_each_time(real: Engine) -> None:
    def seconds(rate: float) -> float:
        lines = (WARM, WRIST, "Tell me when you are ready.", "Take your time.")
        return sum(len(tidy(real.render(text, "auto", rate), real.rate)) for text in lines) / real.rate

    plain = seconds(1.0)
    for rate in (0.7, 1.15, 0.8, 0.9, 1.0, 0.8):
        assert plain / seconds(rate) == pytest.approx(rate, abs=0.06)
    assert plain / seconds(1.3) > 1.1


def test_sentences_of_every_voice_come_out_equally_loud_and_without_pauses(real: Engine) -> None:
    for text in (WARM, WRIST, "Yes."):
        clip = Store(real, None).get(text)
        assert loudness(clip.samples, clip.rate) == pytest.approx(-20.0, abs=3.0)
        assert np.abs(clip.samples).max() <= 10 ** (-1 / 20) + 1e-3
        audible = np.flatnonzero(np.abs(clip.samples) > 0.002)
        assert audible[0] / clip.rate < 0.060
        assert (len(clip.samples) - audible[-1]) / clip.rate < 0.120
        assert clip.samples[0] == 0.0
        assert abs(float(clip.samples[-1])) < 1e-3


def test_no_network_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    engine = HibariEngine()
    assert engine.render(WARM, "heart", 1.0).any()
    for voice in ("emma", "fenrir", "no such voice"):
        with pytest.raises(LullError, match="heart"):
            engine.render(WARM, voice, 1.0)
        with pytest.raises(LullError, match=voice):
            check_voice(engine, voice)


def test_the_natural_voice_says_a_sentence_the_same_way_each_time(hibari: HibariEngine) -> None:
    first = hibari.render(WARM, "heart", 0.9)
    hibari.render(WRIST, "heart", 1.0)
    assert np.array_equal(hibari.render(WARM, "heart", 0.9), first)
    assert np.array_equal(HibariEngine().render(WARM, "auto", 0.9), first)


def test_a_sentence_without_words_is_no_error(real: Engine, tmp_path: Path) -> None:
    for text in ("", "...", "-"):
        assert Store(real, tmp_path).get(text).seconds < 1.0
        assert Store(real, tmp_path).get(text).seconds < 1.0


def test_pyttsx3_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    engine = Pyttsx3Engine()
    engine.render(WRIST, "auto", 1.0)
    engine.close()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("trouble", [signal.SIGSTOP, signal.SIGKILL])
def test_a_worker_that_hangs_or_dies_is_replaced(trouble: signal.Signals) -> None:
    engine = Pyttsx3Engine(limit=1.0)
    plain = len(engine.render(WRIST, "auto", 1.0))
    old = engine.worker_pid
    assert old is not None
    os.kill(old, trouble)
    began = time.monotonic()
    assert abs(len(engine.render(WRIST, "auto", 1.0)) - plain) <= 2537
    assert time.monotonic() - began < 10
    assert engine.worker_pid not in (None, old)
    with pytest.raises(ProcessLookupError):
        os.kill(old, 0)
    engine.close()


def test_a_voice_that_never_answers_in_time_is_one_sentence() -> None:
    engine = Pyttsx3Engine(limit=0.0)
    with pytest.raises(LullError, match=r"^The pyttsx3 voice does not work here \(no answer within 0 s\);"):
        engine.render(WRIST, "auto", 1.0)
    engine.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bring their own voices")
def test_the_bundled_espeak_speaks_where_the_system_has_none() -> None:
    engine = Pyttsx3Engine(bundled=True)
    assert len(engine.render(WRIST, "auto", 1.0)) > engine.rate
    assert "espeak 1.52" in engine.version
    engine.close()


def test_pyttsx3_knows_its_voices_and_refuses_others(espeak: Pyttsx3Engine) -> None:
    names = espeak.voices()
    assert len(names) > 3
    plain, other = espeak.render(WRIST, "auto", 1.0), espeak.render(WRIST, names[-1], 1.0)
    assert len(plain) != len(other) or not np.allclose(plain, other)
    with pytest.raises(LullError, match="no-such-voice"):
        espeak.render(WRIST, "no-such-voice", 1.0)


def test_auto_takes_the_natural_voice_and_says_so() -> None:
    engine, why = choose_engine("auto")
    assert (engine.name, why) == ("hibari", "hibari: the most natural voice that works here")


@pytest.mark.parametrize("hidden", ["hibari", "onnxruntime"])
def test_auto_falls_back_and_says_why(monkeypatch: pytest.MonkeyPatch, hidden: str) -> None:
    hide(monkeypatch, hidden)
    engine, why = choose_engine("auto")
    assert engine.name == "pyttsx3"
    assert f"needs the Python package {hidden}" in why
    assert engine.render(WRIST, "auto", 1.0).any()
    engine.close()


def test_no_voice_at_all_is_one_sentence_with_every_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hide(monkeypatch, "hibari")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(LullError, match=r"^No voice works on this machine: .*hibari.* pyttsx3"):
        choose_engine("auto")


def test_a_natural_voice_that_will_not_load_is_replaced_by_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, espeak: Pyttsx3Engine
) -> None:
    def refuse(**_: object) -> None:
        raise RuntimeError("illegal instruction")

    monkeypatch.setattr("hibari.Hibari", refuse)
    engine, _ = choose_engine("auto")
    with pytest.raises(LullError, match=r"^The hibari voice could not be loaded .*; choose pyttsx3\.$"):
        engine.render(WRIST, "auto", 1.0)
    store = Store(engine, tmp_path, spare=lambda: espeak)
    assert store.get(WRIST).rate == espeak.rate
    (problem,) = store.take_problems()
    assert "The pyttsx3 voice speaks instead." in problem


def test_engines_and_voices_can_be_named() -> None:
    engine, why = choose_engine("silent")
    assert isinstance(engine, SilentEngine)
    assert why == "silent: asked for by name"
    with pytest.raises(LullError, match="choose one of auto, hibari, pyttsx3, silent"):
        choose_engine("espeak")
    with pytest.raises(LullError, match='no voice "emma"'):
        choose_engine("hibari", "emma")
    with pytest.raises(LullError, match='no voice "emma"'):
        choose_engine("auto", "emma")
    chosen, _ = choose_engine("auto", "gmw/en-us")
    assert chosen.name == "pyttsx3"
    chosen.close()


def test_the_silent_voice_lasts_as_long_as_speech() -> None:
    clip = Store(SilentEngine(), None).get(WARM, rate=0.5)
    assert clip.seconds == pytest.approx(2 * len(WARM) / 14, abs=0.001)
    assert not clip.samples.any()


def test_tidy_keeps_faint_ends_and_cuts_silence() -> None:
    rate = 24_000
    rng = np.random.default_rng(1)
    loud = rng.normal(0, 0.1, rate)
    soft = rng.normal(0, 0.1 * 10 ** (-40 / 20), rate // 5)
    sound = np.concatenate([np.zeros(rate), loud, soft, np.zeros(rate)]).astype(np.float32)
    out = tidy(sound, rate)
    assert len(out) / rate == pytest.approx(1.2 + 0.08, abs=0.012)
    assert np.abs(out).max() <= 10 ** (-1 / 20) + 1e-6
    assert not tidy(np.zeros(100, dtype=np.float32), rate).any()
    assert len(tidy(np.zeros(0, dtype=np.float32), rate)) == 0


def test_another_language_is_spoken_by_a_voice_of_the_system() -> None:
    engine, why = choose_engine("auto", "auto", "de")
    try:
        assert engine.name == "pyttsx3"
        assert engine.voices() == ("gmw/de",) or sys.platform != "linux"
        samples = engine.render("Prüf das Tuch innen am Handgelenk.", "auto", 1.0)
        assert len(samples) > engine.rate
        assert engine.version != Pyttsx3Engine().version
    finally:
        engine.close()
    with pytest.raises(LullError, match='for "de"'):
        choose_engine("hibari", "auto", "de")
    assert why


def test_a_language_no_voice_speaks_is_said_in_one_sentence() -> None:
    with pytest.raises(LullError, match='no voice for the language "xx"'):
        choose_engine("auto", "auto", "xx")
