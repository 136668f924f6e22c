"""What tests of the commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with an archive that polls this machine, too. Modules that test without an archive have their own."""
    workspace = Workspace(tmp_path)
    assert workspace.run("init", "--allow-private-addresses", "--time-zone", "UTC").status == 0
    return workspace
