"""Make the picture of the README (``make picture``): the day's page of the demo's archive, in Chromium.

Writes docs/images/day.png. Needs the Chromium that the browser tests use (``make browser``).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tests.browser.chromium import chromium_path, launched

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "images" / "day.png"
# Pixels of CSS. The scale makes letters sharp on a screen with small pixels.
WIDTH, HEIGHT, SCALE = 900, 560, 1.5


def main() -> int:
    path = chromium_path()
    if path is None:
        print("make_screenshot.py: there is no chromium on the PATH: run make browser", file=sys.stderr)
        return 1
    with TemporaryDirectory() as folder:
        subprocess.run([sys.executable, ROOT / "seeds" / "demo" / "demo.py"], cwd=folder, check=True)  # noqa: S603
        page = newest_day(Path(folder, "my-archive", "pages"))
        PICTURE.parent.mkdir(exist_ok=True)
        take_picture(path, page)
    print(f"wrote {PICTURE.relative_to(ROOT)}")
    return 0


def newest_day(pages: Path) -> Path:
    """The newest day's page."""
    return max(pages.glob("*/*/*/index.html"))


def take_picture(chromium: str, page: Path) -> None:
    """Save the upper part of the page as an image."""
    with sync_playwright() as playwright:
        browser = launched(playwright, chromium)
        tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE)
        tab.goto(page.as_uri(), wait_until="load")
        tab.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
