"""The scripts a person types: short, sound, and quick when there is nothing to do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted(path for path in [*(ROOT / "scripts").iterdir(), ROOT / ".ci/run"] if path.suffix == "")
LOCKS = sorted(ROOT.glob("requirements*.lock"))

# Stands in for Python: its environments hold itself again, and it writes down what pip is asked for.
PYTHON = """#!/usr/bin/env bash
case "$*" in
  *find_library*) exit "${MISSING:-0}" ;;
  *version_info*) exit "${OLD:-0}" ;;
  *venv*) rm -rf .venv && mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
  "-m pip"*) echo "$*" >> "$LOG"; exit "${PIP_FAILS:-0}" ;;
  --version) echo "Python 3.10.0" ;;
esac
"""


class Machine:
    """The project's set-up in an empty folder, with a Python that only writes down what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "scripts", folder / "scripts")
        for path in [ROOT / "pyproject.toml", *LOCKS]:
            shutil.copy(path, folder)
        tools = folder / "tools"
        tools.mkdir()
        for name in ("python3", "python3.11", "python3.12", "python3.13"):
            (tools / name).write_text(PYTHON)
            (tools / name).chmod(0o755)
        self.environment = {
            "PATH": f"{tools}:{os.environ['PATH']}",
            "LOG": str(folder / "log"),
            "HOME": str(folder),
        }

    def setup(self, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["scripts/setup"],
            cwd=self.folder,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=30,
        )

    def asked(self) -> list[str]:
        """What pip was asked for since the last call."""
        log = self.folder / "log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_sound_short_and_says_what_it_is_for(script: Path) -> None:
    subprocess.run(["bash", "-n", script], check=True)
    lines = script.read_text().splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert lines[1].startswith("# ")
    assert len(lines) <= 30
    assert os.access(script, os.X_OK)


def test_set_up_installs_only_what_is_locked_and_hashed(machine: Machine) -> None:
    done = machine.setup()
    assert done.returncode == 0, done.stderr
    *locked, own = machine.asked()
    assert len(locked) == 2
    assert all("--require-hashes --requirement requirements" in line for line in locked)
    assert all("--no-deps" in line for line in [*locked, own])
    assert own.endswith("--editable .")


def test_a_second_set_up_does_nothing_and_a_changed_lock_does_it_again(machine: Machine) -> None:
    machine.setup()
    machine.asked()
    assert machine.setup().stdout == ""
    assert machine.asked() == []
    with (machine.folder / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    machine.setup()
    assert machine.asked() != []


def test_a_project_that_was_moved_is_set_up_again(machine: Machine, tmp_path: Path) -> None:
    machine.setup()
    machine.asked()
    moved = tmp_path.rename(tmp_path.with_name(tmp_path.name + "-moved"))
    machine.folder = moved
    machine.environment.update(PATH=f"{moved / 'tools'}:{os.environ['PATH']}", LOG=str(moved / "log"))
    machine.setup()
    assert machine.asked() != []


def test_a_set_up_that_failed_is_not_taken_for_done(machine: Machine) -> None:
    failed = machine.setup(PIP_FAILS="1")
    assert failed.returncode != 0
    assert "run scripts/setup again" in failed.stderr
    machine.asked()
    assert machine.setup().returncode == 0
    assert machine.asked() != []


def test_an_old_python_is_named_in_one_sentence(machine: Machine) -> None:
    refused = machine.setup(OLD="1")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Lull needs Python 3.11 or newer and found Python 3.10.0; ")
    assert refused.stderr.count("\n") == 1
    assert machine.asked() == []


def system_packages(machine: Machine, tools: dict[str, str]) -> subprocess.CompletedProcess[str]:
    for name, body in tools.items():
        (machine.folder / "tools" / name).write_text(f"#!/usr/bin/env bash\n{body}\n")
        (machine.folder / "tools" / name).chmod(0o755)
    return machine.setup(MISSING="1")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the wheels bring PortAudio")
def test_without_the_right_to_install_the_line_to_type_is_printed_and_set_up_goes_on(
    machine: Machine,
) -> None:
    tools = {"id": "echo 1000", "sudo": "exit 1", "apt-get": 'echo "apt $*" >> "$LOG"'}
    done = system_packages(machine, tools)
    assert done.returncode == 0
    assert done.stderr.endswith("please type: sudo apt-get install -y libportaudio2\n")
    assert not any(line.startswith("apt") for line in machine.asked())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the wheels bring PortAudio")
@pytest.mark.parametrize("fails", [0, 1])
def test_with_the_right_to_install_it_is_done_and_a_failure_is_told(machine: Machine, fails: int) -> None:
    done = system_packages(machine, {"id": "echo 0", "apt-get": f'echo "apt $*" >> "$LOG"; exit {fails}'})
    assert done.returncode == 0
    assert machine.asked()[0] == "apt install -y libportaudio2"
    assert ("please type: apt-get install -y libportaudio2" in done.stderr) == bool(fails)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_one_version_and_hashes(lock: Path) -> None:
    packages = re.split(r"\n(?=[a-z0-9])", lock.read_text().strip())
    assert len(packages) > 5
    for package in packages:
        assert re.match(r"[a-z0-9.-]+==[^ ]+ ", package), package
        assert "--hash=sha256:" in package, package
    assert not re.search(r"^--?[a-z]|://", lock.read_text(), re.MULTILINE)
