"""How long the guide takes for each set of choices, and the page a lactation professional reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice.data import DATA
from voice.guide.load import load_guide
from voice.guidebook import combinations, lead_in, lead_in_steps, page
from voice.language.commands import Commands
from voice.language.prose import load_bans

GUIDE = load_guide()
EVERY_CHOICE = list(combinations(GUIDE))
MINUTES = {"standard": (13.5, 16.5), "short": (4.5, 5.5)}
PAGE = Path(__file__).parents[2] / "docs" / "content.md"


@pytest.mark.parametrize("choices", EVERY_CHOICE, ids=lambda choices: "-".join(choices.values()))
def test_it_takes_about_as_long_as_promised(choices: dict[str, str]) -> None:
    minutes = lead_in(GUIDE, choices) / 60
    print(f"{' '.join(choices.values())}: {minutes:.1f} min up to expressing")
    shortest, longest = MINUTES[choices["length"]]
    without_a_picture = 1.0 if choices["cue"] == "neither" else 0.0
    assert shortest - without_a_picture <= minutes <= longest


def test_every_choice_changes_what_she_is_led_through() -> None:
    seen = {
        tuple(step.id for step in GUIDE.steps if _applies(step.when, choices, step.seconds))
        for choices in EVERY_CHOICE
    }
    assert len(seen) == len(EVERY_CHOICE) == 24


def _applies(when: object, choices: dict[str, str], seconds: object) -> bool:
    assert isinstance(when, dict)
    assert isinstance(seconds, dict)
    return choices["length"] in seconds and all(choices[key] in options for key, options in when.items())


@pytest.mark.parametrize("choices", EVERY_CHOICE, ids=lambda choices: "-".join(choices.values()))
def test_the_other_person_is_needed_only_when_one_is_there(choices: dict[str, str]) -> None:
    needed = [step.id for step in lead_in_steps(GUIDE, choices) if step.helper == "needed"]
    assert needed == (["massage_back"] if choices["company"] == "helper" else [])


def test_the_fist_roll_is_off_unless_asked_for() -> None:
    assert all(
        "massage_roll" not in [step.id for step in lead_in_steps(GUIDE, choices)] for choices in EVERY_CHOICE
    )


def test_what_she_is_told_to_say_is_heard_there() -> None:
    """A command spoken on purpose is live in the state in which the line is spoken."""
    commands = Commands.load(DATA / "locale" / "en")
    asked = {
        "safe_check": "safety",
        "safety_which": "safety",
        "safety_unanswered": "safety",
        "pain_pause": "pain",
    }
    asked |= {"pain_wait": "pain", "ask_same_as_last": "yes_no"}
    asked |= {"safe_check_first": "safety", "awake_ask": "still_awake", "ask_amount": "amount"}
    asked |= dict.fromkeys(("ask_amount_again", "ask_amount_more", "if_misheard"), "amount")
    asked |= dict.fromkeys(("ask_helper_name", "ask_mother_name", "ask_name_again"), "names")
    asked["about"] = "awake"
    asked |= {"refer_emergency": "crisis", "refer_harm": "crisis", "refer_harm_apart": "crisis"}
    for name, line in GUIDE.lines.items():
        choosing = name.startswith("ask_")
        live = commands.phrases(asked.get(name, "choices" if choosing else "guiding"))
        for wording in line.wordings:
            for sentence in wording:
                for told in sentence.split("<")[1:]:
                    phrase = told.split(">")[0].lower()
                    assert phrase in live, f"{name}: {phrase}"


def test_the_page_for_professionals_says_what_the_guide_says() -> None:
    assert page(GUIDE, load_bans(DATA / "locale" / "en")) == PAGE.read_text(encoding="utf-8"), (
        "docs/content.md is out of date; run: python -m voice.guidebook > docs/content.md"
    )
