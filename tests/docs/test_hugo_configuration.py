"""The hugo.toml of docs/operation.md builds an archive that has digests."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from feedarchive.store.folder import FolderStore
from tests.docs.pages import ROOT, code_blocks
from tests.harness.clock import Clock
from tests.harness.digests import ITEMS, OLD, build
from tests.harness.feed_archiver import FeedArchiver, articles

HUGO = Path(sys.executable).parent / "hugo"
NOW = datetime(2025, 12, 25, 10, tzinfo=UTC)


def test_every_article_becomes_a_page_and_no_page_of_the_archive_does(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "my-archive")
    FeedArchiver(store, Clock(NOW)).poll(*ITEMS, OLD)
    build(store, NOW)
    site = tmp_path / "site"
    site.mkdir()
    (site / "content").symlink_to(tmp_path / "my-archive" / "archive")
    (configuration,) = [block for block in code_blocks(ROOT / "docs" / "operation.md") if "[[module.mounts]]" in block]
    (site / "hugo.toml").write_text(configuration, encoding="utf-8")
    layouts = site / "layouts" / "_default"
    layouts.mkdir(parents=True)
    (layouts / "single.html").write_text("<h1>{{ .Title }}</h1>{{ .Content }}")
    (layouts / "list.html").write_text("{{ range .Pages }}<p>{{ .Title }}</p>{{ end }}")

    result = subprocess.run([HUGO, "--quiet"], cwd=site, capture_output=True, text=True, check=False, timeout=600)

    assert result.returncode == 0, result.stderr
    pages = "".join(path.read_text(encoding="utf-8") for path in (site / "public").rglob("index.html"))
    names = [key for key in articles(store) if key.endswith(".md") and not key.endswith("digest.md")]
    assert len(names) == len(ITEMS) + 1
    for item in (*ITEMS, OLD):
        assert f"<h1>{item.title}</h1>" in pages
