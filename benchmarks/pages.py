"""Measure the size of a day's page and how fast Chromium loads it.

    .venv/bin/python -m benchmarks.pages [ARTICLES]

The day has 1,000 articles (or ARTICLES) of 20 feeds. For each load, a new browser context is made. The browser measures
the time from the start of the navigation to the end of the load event.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from feedarchive.builds.build_day import build_day
from feedarchive.store.folder import FolderStore
from tests.browser.archives import DAY, PAGES, write_articles
from tests.browser.chromium import DESKTOP, PHONE, chromium_path, launched, watched_page

_TIMES = 5
# Waits until the browser has set loadEventEnd, and returns it. That is a moment after Playwright says that the page is
# loaded.
_LOADED = """async () => {
  const navigation = performance.getEntriesByType("navigation")[0];
  while (!navigation.loadEventEnd) await new Promise(done => setTimeout(done, 1));
  return navigation.loadEventEnd;
}"""


def main(number: int) -> int:
    path = chromium_path()
    if path is None:
        print("chromium is not on the PATH: run `make browser`")
        return 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder)
        write_articles(root, number, lambda n: f"site{n % 20}.example")
        build_day(FolderStore(root), DAY, "UTC")
        page = root / PAGES / "index.html"
        print(f"{number:,} articles: {page.stat().st_size:,} bytes")
        browser = launched(playwright, path)
        for name, size in (("phone", PHONE), ("desktop", DESKTOP)):
            taken = []
            for _ in range(_TIMES):
                with watched_page(browser, size) as watched:
                    taken.append(float(watched.open(page).evaluate(_LOADED)))
            print(f"{name}: load event after {', '.join(f'{t:.0f}' for t in taken)} ms")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000))
