"""Reads a guide from its files. The only module of the guide that touches a disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from voice.data import DATA
from voice.data.reading import Document, parse, read_yaml
from voice.errors import LullError
from voice.guide.checks import check_guide, check_lines
from voice.guide.model import Amounts, Cue, Guide, Line, Question, Reminder, Source, Step, Times, Unit
from voice.guide.schema import (
    AmountsPart,
    GuidePart,
    LinePart,
    LinesPart,
    PhonesPart,
    SourcesPart,
    StepPart,
    TimesPart,
)
from voice.guide.wording import filled


def load_guide(data: Path = DATA, guide: str = "letdown", locale: str = "en", country: str = "") -> Guide:
    """The guide `guide` in the language `locale`, with the phone lines of `country` (two letters, or empty).

    Raises DataError naming file, line and rule when a file is missing or breaks a rule.
    """
    document = read_yaml(data / "guides" / f"{guide}.yaml")
    part = parse(document, GuidePart)
    sources = load_sources(data)
    lines, times = load_lines(data, locale, sources), _times(data, locale)
    lines = with_phones(lines, load_phones(data, locale, country))
    if part.guide != guide:
        rule = f"guide is '{part.guide}' in a file named {guide}.yaml; make them equal."
        raise document.error(rule, "guide")
    made = Guide(
        id=part.guide,
        version=part.version,
        express_cap=part.express_cap,
        phases=tuple(part.phases),
        questions=tuple(Question(q.id, q.line, q.default, tuple(q.options)) for q in part.questions),
        steps=tuple(_step(step) for step in part.steps),
        lines=lines,
        times=times,
        sources=sources,
        amounts=_amounts(data, locale),
    )
    check_guide(made, document)
    return made


def load_lines(data: Path, locale: str, sources: dict[str, Source]) -> dict[str, Line]:
    """Every line of a language, from all its `lines*.yaml`. Raises DataError."""
    folder = data / "locale" / locale
    found: dict[str, Line] = {}
    paths = sorted(folder.glob("lines*.yaml"))
    if not paths:
        raise LullError(f"{folder}: no lines*.yaml is there; put it back or install Lull again.")
    for path in paths:
        document = read_yaml(path)
        for name, part in parse(document, LinesPart).lines.items():
            if name in found:
                rule = f"line '{name}' is already in {found[name].where}; remove one."
                raise document.error(rule, "lines", name)
            found[name] = _line(name, part, document)
        check_lines(document, found, sources)
    return found


def load_sources(data: Path) -> dict[str, Source]:
    """Source key -> where it comes from. Raises DataError."""
    part = parse(read_yaml(data / "sources.yaml"), SourcesPart)
    return {key: Source(source.title, source.where) for key, source in part.sources.items()}


def load_phones(data: Path, locale: str, country: str) -> dict[str, str]:
    """Slot -> how the number is said in that country; the general words for one that is not listed."""
    path = data / "locale" / locale / "phone_lines.yaml"
    part = parse(read_yaml(path), PhonesPart)
    chosen = part.countries.get(country.upper(), part.otherwise)
    return {
        "emergency": chosen.emergency,
        "crisis": chosen.crisis or part.otherwise.crisis or chosen.emergency,
    }


def with_phones(lines: dict[str, Line], phones: dict[str, str]) -> dict[str, Line]:
    """The lines with the numbers in them, so that they are known, and spoken, like any other."""
    return {
        name: replace(line, wordings=tuple(filled(wording, phones) for wording in line.wordings))
        for name, line in lines.items()
    }


def _amounts(data: Path, locale: str) -> Amounts:
    path = data / "locale" / locale / "amounts.yaml"
    if not path.exists():
        return Amounts()
    part = parse(read_yaml(path), AmountsPart)
    units: dict[str, Unit] = {name: Unit(unit.one, unit.many, unit.half) for name, unit in part.units.items()}
    return Amounts(
        units, {side: said for side, said in part.sides.items()}, dict(part.numbers), dict(part.times)
    )


def _times(data: Path, locale: str) -> Times:
    part = parse(read_yaml(data / "locale" / locale / "times.yaml"), TimesPart)
    return Times(part.few_seconds, part.half_minute, part.one_minute, part.minutes, dict(part.numbers))


def _line(name: str, part: LinePart, document: Document) -> Line:
    wordings = tuple(tuple(wording) for wording in part.wordings)
    return Line(name, tuple(part.source), part.to, wordings, document.where("lines", name))


def _step(part: StepPart) -> Step:
    return Step(
        id=part.id,
        phase=part.phase,
        line=part.line,
        seconds=dict(part.seconds),
        advance=part.advance,
        remind=Reminder(part.remind.after, part.remind.line) if part.remind else None,
        half=part.half,
        near_end=part.near_end,
        cues=tuple(Cue(cue.at, cue.line, cue.with_milk, cue.always) for cue in part.cues),
        sides=part.sides,
        side_seconds=part.side_seconds,
        cap=part.cap,
        hands=part.hands,
        helper=part.helper,
        when={question: tuple(options) for question, options in part.when.items()},
        off_by_default=part.off_by_default,
        keep=part.keep,
        alongside=dict(part.alongside),
        gated=part.gated,
        asks=part.asks,
        notes=tuple(part.notes),
        holds_baby=part.holds_baby,
        pictures_baby=part.pictures_baby,
        tones=part.tones,
        picture=part.picture,
        sources=tuple(part.sources),
    )
