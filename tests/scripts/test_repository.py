"""What is true of the repository as a whole."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Paths of somebody's machine and names of package servers; written in pieces, so that this file passes too.
FORBIDDEN = re.compile(
    r"(?<![\w.])/(?:"
    + "work"
    + r"|root|home/\w+|Users/\w+)/|"
    + r"pypi\."
    + r"|python"
    + r"hosted|registry\.npm",
)
PINNED = re.compile(r"[A-Za-z0-9._-]+==[0-9][^;, ]*(; .+)?")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("not a checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_one_machine_s_folders_or_a_package_server() -> None:
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), 1):
            if FORBIDDEN.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert found == []


def test_dependencies_are_pinned_and_each_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    groups = project["dependency-groups"].values()
    for requirement in [*project["project"]["dependencies"], *(one for group in groups for one in group)]:
        assert PINNED.fullmatch(requirement), requirement
        lines = [line for line in text.splitlines() if line.strip().startswith(f'"{requirement}"')]
        assert lines
        assert all(re.search(r'",  # \w', line) for line in lines), lines


def test_the_locks_hold_the_versions_of_the_project_file() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    for lock, requirements in [
        ("requirements.lock", project["project"]["dependencies"]),
        ("requirements-dev.lock", [*project["project"]["dependencies"], *groups["dev"]]),
        ("requirements-build.lock", groups["build"]),
    ]:
        locked = set(re.findall(r"^([a-z0-9.-]+==[^ ]+)", (ROOT / lock).read_text(), re.MULTILINE))
        for requirement in requirements:
            assert requirement.split(";")[0].lower().replace(".yaml", "-yaml").strip() in locked, requirement


def test_the_backend_is_the_one_that_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["build-system"]["requires"][0] in project["dependency-groups"]["build"]


def test_links_between_the_pages_lead_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text()):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []
