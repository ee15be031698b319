"""The README of the folder that the second pass adds to a model: what it is, what of, what it does."""

from collections.abc import Mapping, Sequence

from recipe.card import filled, origins
from recipe.second.config import SecondConfig
from recipe.table import Result, sizes, table


def card(config: SecondConfig, hours: Mapping[str, float], results: Sequence[Result]) -> str:
    """Plain text, with the table when there are results."""
    title = "The second pass: what was said, from a finished sound as a whole"
    parts = [title, "=" * len(title), _licence(), "", _use(), "", _training(config), "", origins(hours)]
    if results:
        grounds = "; ".join(f"{group}: {size}" for group, size in sizes(results[0].counts).items())
        parts += ["", _measured(config), f"Rests on: {grounds}.", "", table(results)]
    return "\n".join(parts).rstrip() + "\n"


def _licence() -> str:
    return filled(
        """
        Licence: MIT for the encoder (LICENSE, of Moonshine tiny for English, Useful Sensors; npm package
        @moonshine-ai/moonshine-js), Apache-2.0 for the head and the lexicon.
        """
    )


def _use() -> str:
    return filled(
        """
        network.onnx: "samples" (1, n) float32 at 16 kHz, RMS 0.06 of full scale -> "log_probs" (1, time, 40),
        a row every 24 ms: output 0 is CTC's blank, the property "phones" names the others. lexicon.tsv: word
        and pronunciations, tabs between. No free text: hold the rows against the phrases that are live.
        """
    )


def _training(config: SecondConfig) -> str:
    plan = config.learn
    encoder = "The encoder is as it was published and was never trained here."
    if plan.deep:
        encoder = f"""The encoder's convolutions are as they were published; its layers learnt on, from minute
        {plan.alone:.0f}, and are in eight bits again."""
    return filled(
        f"""
        {encoder} On it {plan.layers} convolutions over {plan.kernel} rows, {plan.width} wide. They learnt for
        {plan.minutes:.0f} minutes on {config.encode.shards * config.encode.clips:,} clips: the speech below,
        noise and rooms as for the first pass. Recipe: models/recipe.
        """
    )


def _measured(config: SecondConfig) -> str:
    measure = config.run.measure
    return filled(
        f"""
        Measured on speakers and voices that are in no training of ours, the half of them that no setting was
        chosen on, {len(measure.phrases)} phrases live with {measure.decoys} decoys, exact phrase. The
        ear: both passes and all the product has around them. The second pass alone: every clip as a
        whole (pieces of 2.5 s every 0.5 s where it is longer than 5 s), the best phrase accepted up to a
        shortfall of {config.report.limit:g} nats. The others as in their own table.
        """
    )
