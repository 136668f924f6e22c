"""One Chromium with one page for all tests of pages: to open another page takes four times as long as to load one.

They also share the archive of a day with everything.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.archives import christmas, root_of
from tests.browser.chromium import Watched, chromium_path, launched, watched_page

_MISSING = "chromium is not on the PATH: run `make browser`"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(_MISSING)
        pytest.skip(_MISSING)
    with sync_playwright() as playwright:
        browser = launched(playwright, path)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _only_page(chromium: Browser) -> Iterator[Watched]:
    with watched_page(chromium) as page:
        yield page


@pytest.fixture
def watched(_only_page: Watched) -> Watched:
    """A page that records what it does: empty, and of desktop size."""
    _only_page.reset()
    return _only_page


@pytest.fixture(scope="session")
def day_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a day with everything. Do not write into its archive."""
    return christmas(tmp_path_factory.mktemp("christmas"))


@pytest.fixture(scope="module")
def own_archive(day_page: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the archive of a day with everything, to which a module may add."""
    return Path(shutil.copytree(root_of(day_page), tmp_path_factory.mktemp("own") / "archive"))
