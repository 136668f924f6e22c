"""All browser tests share one tab of one Chromium: opening a tab takes four times as long as loading a page.

They also share the archive of Christmas.
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
def _only_tab(chromium: Browser) -> Iterator[Watched]:
    with watched_page(chromium) as tab:
        yield tab


@pytest.fixture
def watched(_only_tab: Watched) -> Watched:
    """The browser tab, empty and of desktop size. It records requests, dialogs and errors of the pages."""
    _only_tab.reset()
    return _only_tab


@pytest.fixture(scope="session")
def day_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of Christmas. Do not write into its archive, which all tests share."""
    return christmas(tmp_path_factory.mktemp("christmas"))


@pytest.fixture(scope="module")
def own_archive(day_page: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the archive of Christmas. The tests of a module may write into it."""
    return Path(shutil.copytree(root_of(day_page), tmp_path_factory.mktemp("own") / "archive"))
