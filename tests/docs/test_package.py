"""The built package: its metadata, and the files beside the code that it needs."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from trove_classifiers import classifiers

from tests.docs.pages import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel that ``pipx install .`` builds."""
    folder = tmp_path_factory.mktemp("wheel")
    hatchling = Path(sys.executable).with_name("hatchling")
    subprocess.run([hatchling, "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


def test_it_has_type_information_the_starter_list_and_the_license(wheel: zipfile.ZipFile) -> None:
    names = {name.partition(".dist-info/")[2] or name for name in wheel.namelist()}
    assert {"feedarchive/py.typed", "feedarchive/seeds/feeds.toml", "licenses/LICENSE"} <= names
    assert {"feedarchive/pages/templates/style.css", "feedarchive/identity/public_suffix_list_v1.dat"} <= names


def test_its_description_is_the_readme(wheel: zipfile.ZipFile) -> None:
    (metadata,) = [name for name in wheel.namelist() if name.endswith("METADATA")]
    text = wheel.read(metadata).decode()
    assert (ROOT / "README.md").read_text(encoding="utf-8").strip() in text
    assert "Summary: Archives RSS, Atom and JSON feeds" in text


def test_its_classifiers_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(project["classifiers"]) <= set(classifiers)
    assert project["keywords"] == sorted(project["keywords"])
