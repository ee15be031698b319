"""Puts the embedded models into a built wheel as `voice/data/models`; a working copy reads `models/`."""

from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class EmbeddedModels(BuildHookInterface[BuilderConfig]):
    """Called by hatchling for the wheel only; see `tool.hatch.build` in pyproject.toml."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        models = Path(self.root) / "models"
        for source in [models / "manifest.toml", *models.glob("vosk-model-*")]:
            build_data["force_include"][str(source)] = f"voice/data/models/{source.name}"
