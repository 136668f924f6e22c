"""What tests of the search share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.clock import Clock
from tests.search.archive import Searched, searched


@pytest.fixture
def archive(tmp_path: Path, clock: Clock) -> Searched:
    return searched(tmp_path / "archive", clock)
