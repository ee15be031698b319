"""Line ids the core speaks by itself, and the slots each of them may hold. No words are in here."""

from __future__ import annotations

from voice.guide.parts import SOUNDS

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
    "refer_emergency": frozenset({"emergency"}),
    "refer_harm": frozenset({"crisis", "emergency"}),
    "refer_harm_apart": frozenset({"crisis", "emergency"}),
    "refer_spinal": frozenset({"emergency"}),
    "did_you_say": frozenset({"phrase"}),
    "learn_say": frozenset({"phrase"}),
    "learn_again": frozenset({"phrase"}),
    "name_right": frozenset({"name"}),
    "ok_amount": frozenset({"amount"}),
    "ok_amount_time": frozenset({"time"}),
}

ROLES = ("mother", "helper")
"""Who may be spoken to. In any line, {mother} and {helper} stand for a name, or for the words of the role."""

NAMING = ("helper_name", "mother_name", "name_right")
"""Questions about a name: the helper's, her own, and whether it was heard right."""

FLAGS = (
    "fever",
    "red_patch",
    "lump",
    "broken_skin",
    "numb",
    "blood",
    "burn",
    "surgery",
    "spinal",
    "pregnant",
)
"""Signs that close warmth and massage for the session."""

CRISES = ("emergency", "harm")
"""Words that call for help at once. They close warmth and massage too."""

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
    "did_you_say",
    *("about", "ok_short_lines", "ok_full_lines", "ok_left_out", "ok_left_out_later", "ok_put_back"),
    *("part_stays", "nothing_left_out", "ok_voice", "one_voice"),
    *(f"refer_{kind}" for kind in CRISES),
    "refer_harm_apart",
    *("awake_ask", "ok_awake", "awake_cot", "sleepy_rest", "told_died", "told_ill", "warm_cap", "pause_warm"),
    *("nothing_yet", "nothing_yet_express", "nothing_yet_again", "milk_here"),
    *("nothing_yet_express_closed", "helper_where", "helper_lighter", "helper_stop"),
    *("ask_amount", "ask_amount_again", "ask_amount_more", "if_misheard", "ok_amount", "ok_amount_time"),
    *("ask_helper_name", "ask_mother_name", "ask_name_again", "name_right", "name_unknown"),
    *("ok_name", "ok_no_names", "not_on_way"),
    *("which_sound", "sound_none", *(f"sound_{kind}" for kind in SOUNDS), "ok_talk"),
    *("ok_longer_breaths", "ok_shorter_breaths", "longest_breaths", "shortest_breaths"),
    *(f"role_{who}_to_{to}" for who in ROLES for to in ROLES),
    *("device_lost_microphone", "device_muted", "device_back_microphone", "half_generic", "near_end_generic"),
)
"""Every guide's locale has these, whatever its steps are."""
