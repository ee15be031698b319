"""``python -m recipe STAGE --config FILE``: one stage, or ``all`` of them in order."""

import argparse
import sys
from pathlib import Path

from recipe.config import read_config
from recipe.pipeline import STAGES
from recipe.reading import ConfigError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m recipe", description=__doc__)
    parser.add_argument("stage", choices=["all", *STAGES], help="one stage, or all of them in order")
    parser.add_argument("--config", type=Path, required=True, help="TOML file, see models/recipe/README.md")
    given = parser.parse_args()
    try:
        config = read_config(given.config)
        config.work.mkdir(parents=True, exist_ok=True)
        for name in STAGES if given.stage == "all" else [given.stage]:
            print(f"== {name}", flush=True)
            STAGES[name](config)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
