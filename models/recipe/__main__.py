"""``python -m recipe STAGE --config FILE``: one stage, or ``all`` of them in order.

``python -m recipe second STAGE --config FILE``: the same of the second pass.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from recipe.config import Config, read_config
from recipe.pipeline import STAGES
from recipe.reading import ConfigError
from recipe.second.config import SecondConfig, read_second
from recipe.second.pipeline import STAGES as SECOND

C = TypeVar("C", Config, SecondConfig)


def main() -> int:
    given = _parser().parse_args()
    try:
        if given.first == "second":
            return _run(read_second(given.config), SECOND, given.stage)
        return _run(read_config(given.config), STAGES, given.first)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2


def _run(config: C, stages: Mapping[str, Callable[[C], None]], wanted: str) -> int:
    config.work.mkdir(parents=True, exist_ok=True)
    for name in stages if wanted == "all" else [wanted]:
        print(f"== {name}", flush=True)
        stages[name](config)
    return 0


def _parser() -> argparse.ArgumentParser:
    file = argparse.ArgumentParser(add_help=False)
    file.add_argument("--config", type=Path, required=True, help="TOML file, see models/recipe/README.md")
    parser = argparse.ArgumentParser(prog="python -m recipe", description=__doc__)
    stages = parser.add_subparsers(dest="first", required=True, metavar="STAGE")
    for name in ("all", *STAGES):
        stages.add_parser(name, parents=[file])
    second = stages.add_parser("second", parents=[file], help="the second pass")
    second.add_argument("stage", choices=["all", *SECOND], help="one stage, or all of them in order")
    return parser


if __name__ == "__main__":
    sys.exit(main())
