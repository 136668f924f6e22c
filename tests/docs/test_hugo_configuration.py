"""Hugo builds an archive that has digests: by its default configuration, and by the one in docs/operation.md."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedarchive.article.file_names import version_of
from feedarchive.store.folder import FolderStore
from tests.docs.pages import ROOT, code_blocks
from tests.harness.clock import Clock
from tests.harness.digests import ITEMS, OLD, build
from tests.harness.feed_archiver import FeedArchiver, articles

HUGO = Path(sys.executable).parent / "hugo"
NOW = datetime(2025, 12, 25, 10, tzinfo=UTC)


def configurations() -> dict[str, str]:
    (documented,) = [block for block in code_blocks(ROOT / "docs" / "operation.md") if "[frontmatter]" in block]
    return {"default": "", "documented": documented}


@pytest.mark.parametrize("name", ["default", "documented"])
def test_every_article_becomes_a_page_once(tmp_path: Path, name: str) -> None:
    store, clock = FolderStore(tmp_path / "my-archive"), Clock(NOW)
    archiver = FeedArchiver(store, clock)
    archiver.poll(*ITEMS, OLD)
    build(store, NOW)
    clock.now = NOW + timedelta(days=1)
    archiver.poll(replace(ITEMS[0], text="Story 0, corrected at some length."), *ITEMS[1:], OLD)
    build(store, clock())
    site = tmp_path / "site"
    site.mkdir()
    (site / "content").symlink_to(tmp_path / "my-archive" / "archive")
    (site / "hugo.toml").write_text(configurations()[name], encoding="utf-8")
    layouts = site / "layouts"
    layouts.mkdir(parents=True)
    (layouts / "single.html").write_text("<h1>{{ .Title }}</h1>{{ .Content }}")
    (layouts / "list.html").write_text("{{ range .Pages }}<p>{{ .Title }}</p>{{ end }}")

    result = subprocess.run([HUGO], cwd=site, capture_output=True, text=True, check=False, timeout=600)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "WARN" not in result.stdout + result.stderr
    pages = [path.read_text(encoding="utf-8") for path in (site / "public").rglob("index.html")]
    titles = Counter(page.partition("</h1>")[0].removeprefix("<h1>") for page in pages if page.startswith("<h1>"))
    files = [key for key in articles(store) if version_of(key)]
    assert len(files) == len(ITEMS) + 2
    expected = Counter({item.title: 1 for item in (*ITEMS, OLD)}) + Counter([ITEMS[0].title])
    assert titles == expected + Counter(["Digest of 2025-12-25", "Digest of 2025-12-26"])
