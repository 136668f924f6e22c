"""Fixtures that the tests of copying share."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedarchive.store.folder import FolderStore
from tests.copying.archives import make_archive, make_small_archive
from tests.harness.clock import Clock


@pytest.fixture
def source(tmp_path: Path, clock: Clock) -> FolderStore:
    store = FolderStore(tmp_path / "source")
    make_archive(store, clock)
    return store


@pytest.fixture
def small(tmp_path: Path, clock: Clock) -> FolderStore:
    store = FolderStore(tmp_path / "small")
    make_small_archive(store, clock)
    return store


@pytest.fixture
def destination(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "destination")
