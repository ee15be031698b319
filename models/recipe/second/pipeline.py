"""The second pass, stage by stage. Each stage leaves files in the work folder and goes on from what it finds
there.
"""

from collections.abc import Callable, Mapping

from recipe.material import gather_material
from recipe.reading import ConfigError
from recipe.second.config import SecondConfig
from recipe.second.export import export
from recipe.second.network import trained
from voice.ear.second_pass import FOLDER


def make(config: SecondConfig) -> None:
    """What the product needs, in a folder of the first pass's model."""
    if not config.model.is_dir():
        raise ConfigError(f"{config.model} is missing; make the first pass's model, or name another.")
    head = trained(config.checkpoint)
    lexicon = gather_material(config.run).lexicon
    export(config.model / FOLDER, config.encoder, head, lexicon, config.licence)


STAGES: Mapping[str, Callable[[SecondConfig], None]] = {
    "export": make,
}
