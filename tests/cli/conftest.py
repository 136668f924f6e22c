"""What tests of the commands share."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.command import Workspace


@pytest.fixture(scope="session")
def _new_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = Workspace(tmp_path_factory.mktemp("new"))
    assert workspace.run("init", "--allow-private-addresses", "--time-zone", "UTC").status == 0
    return workspace.archive


@pytest.fixture
def workspace(tmp_path: Path, _new_archive: Path) -> Workspace:
    """A workspace with a new archive, which may poll private addresses."""
    workspace = Workspace(tmp_path)
    shutil.copytree(_new_archive, workspace.archive)
    return workspace
