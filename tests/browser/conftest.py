"""One Chromium with one page for all tests of pages: to open another page takes four times as long as to load one."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

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
