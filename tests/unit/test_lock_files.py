"""The lock files: each package has hashes, and the layer has the program's dependencies in the tested versions."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
# Lambda includes boto3. protego is in the full-text layer, which fetches pages. Only the command line uses the others.
EXCLUDED = {"boto3", "rich", "argcomplete", "waitress", "protego"}


def locked(name: str) -> dict[str, str]:
    """Versions by package name, without environment markers."""
    text = (PROJECT / "requirements" / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", text, re.MULTILINE))


def needed() -> set[str]:
    dependencies = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return {re.split(r"[<>=;\s\[]", each)[0].replace(".", "-").lower() for each in dependencies}


def test_every_dependency_is_in_the_layer() -> None:
    assert needed() - EXCLUDED <= locked("layer.txt").keys()
    assert not EXCLUDED & locked("layer.txt").keys()


def test_the_versions_are_those_of_the_tests() -> None:
    tested = locked("dev.txt")
    layers = {**locked("layer.txt"), **locked("full-text-layer.txt")}
    assert {name: version for name, version in layers.items() if tested.get(name) != version} == {}


def test_the_library_for_full_texts_is_in_a_layer_of_its_own() -> None:
    assert "trafilatura" in locked("full-text-layer.txt")
    assert not locked("full-text-layer.txt").keys() & locked("layer.txt").keys()


@pytest.mark.parametrize("name", ["bench", "dev", "full-text-layer", "layer", "local-aws", "sam"])
def test_every_package_has_hashes(name: str) -> None:
    """Without the hash of one package, pip installs none of the file. `make lock` writes them all."""
    text = (PROJECT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    packages = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert packages
