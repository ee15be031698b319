"""Line ids the core speaks by itself, and the slots each of them may hold. No words are in here."""

from __future__ import annotations

SLOTS: dict[str, frozenset[str]] = {
    "ask_same_as_last": frozenset({"choices"}),
    "read_back": frozenset({"choices"}),
    "default_taken": frozenset({"choice"}),
    "time_left": frozenset({"step", "whole"}),
    "time_left_whole": frozenset({"whole"}),
    "time_left_step": frozenset({"step"}),
    "where": frozenset({"step_name"}),
    "help_now": frozenset({"commands"}),
    "carry_on_offer": frozenset({"step_name", "whole"}),
}

FLAGS = ("fever", "red_patch", "lump", "broken_skin", "numb", "blood", "burn", "surgery", "pregnant")
"""Signs that close warmth and massage for the session."""

PAINED_PHASES = ("warm", "massage", "express")
"""Phases with their own advice for mild pain."""

REPLIES: tuple[str, ...] = (
    *("greet", "disclaimer", "ask_same_as_last", "read_back", "default_taken", "start_now", "ask_again_hint"),
    *("safety_which", "safety_clear", "safety_unanswered", "safety_skipped", "refer_again", "blocked_step"),
    *(f"refer_{flag}" for flag in FLAGS),
    *("pain_pause", "pain_mild_other", "pain_strong", "too_hot_pause", "pain_wait"),
    *(f"pain_mild_{phase}" for phase in PAINED_PHASES),
    *("ok_pause", "ok_resume", "ok_next", "ok_back", "ok_more", "ok_less", "ok_slower", "ok_faster"),
    *("ok_louder", "ok_quieter", "ok_undo", "ok_swap", "ok_skip", "at_first", "at_last", "nothing_to_undo"),
    *("nothing_to_resume", "loudest", "quietest", "fastest", "slowest"),
    *("time_left", "time_left_whole", "time_left_step", "no_timer", "where", "help_now"),
    *("milk_coming", "swap_sides_now", "express_cap", "confirm_finish", "confirm_kept"),
    *("finished", "left_saved"),
    *("carry_on_offer", "carry_on_fresh", "remind_ready", "ready_hint", "not_caught_help"),
    *("device_lost_microphone", "device_back_microphone", "half_generic", "near_end_generic"),
)
"""Every guide's locale has these, whatever its steps are."""
