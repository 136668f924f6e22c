"""requirements/layer.txt holds what the program needs, in the versions that the tests run with."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[2]
# Lambda has boto3; rich and argcomplete are for the command line.
LEFT_OUT = {"boto3", "rich", "argcomplete"}


def locked(name: str) -> dict[str, str]:
    """Versions by name. A version may come with a marker, which is left out."""
    text = (PROJECT / "requirements" / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", text, re.MULTILINE))


def needed() -> set[str]:
    dependencies = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return {re.split(r"[<>=;\s\[]", each)[0].replace(".", "-").lower() for each in dependencies}


def test_every_dependency_is_in_the_layer() -> None:
    assert needed() - LEFT_OUT <= locked("layer.txt").keys()
    assert not LEFT_OUT & locked("layer.txt").keys()


def test_the_versions_are_those_that_the_tests_run_with() -> None:
    tested = locked("dev.txt")
    assert {name: version for name, version in locked("layer.txt").items() if tested.get(name) != version} == {}


def test_everything_is_locked_by_its_hash() -> None:
    text = (PROJECT / "requirements" / "layer.txt").read_text(encoding="utf-8")
    for block in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in block, block
