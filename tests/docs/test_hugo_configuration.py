"""Hugo builds a site from an archive with digests, with its default configuration and with examples/hugo."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import lxml.html
import pytest

from feedarchive.article.file_names import version_of
from feedarchive.store.folder import FolderStore
from tests.docs.pages import ROOT, code_blocks
from tests.harness.clock import Clock
from tests.harness.digests import ITEMS, OLD, build
from tests.harness.feed_archiver import FeedArchiver, articles
from tests.harness.full_texts import complete, version_keys
from tests.harness.media import Completing, objects, publisher
from tests.media.pictures import MP3

HUGO = Path(sys.executable).parent / "hugo"
EXAMPLE = ROOT / "examples" / "hugo"
NOW = datetime(2025, 12, 25, 10, tzinfo=UTC)
EDITED = replace(ITEMS[0], text="Story 0, corrected at some length.")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> FolderStore:
    """Two days with digests. One article has a revision of the second day. Another article has a full text."""
    store, clock = FolderStore(tmp_path_factory.mktemp("hugo") / "my-archive"), Clock(NOW)
    archiver = FeedArchiver(store, clock)
    archiver.poll(*ITEMS, OLD)
    complete(store, clock, next(key for key in version_keys(store) if "/article-1-" in key), "All of story 1.")
    build(store, NOW)
    clock.now = NOW + timedelta(days=1)
    archiver.poll(EDITED, *ITEMS[1:], OLD)
    build(store, clock())
    return store


def hugo(site: Path, archive: FolderStore) -> None:
    """Build a site. Hugo writes the pages to its folder ``public``."""
    content = Path(archive.location) / "archive"
    command: list[str | Path] = [HUGO, "--source", site, "--contentDir", content, "--cacheDir", site / "cache"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "WARN" not in result.stdout + result.stderr


def test_every_file_becomes_a_page_once_by_the_default_configuration(archive: FolderStore, tmp_path: Path) -> None:
    layouts = tmp_path / "layouts"
    layouts.mkdir()
    (tmp_path / "hugo.toml").touch()
    (layouts / "single.html").write_text("<h1>{{ .Title }}</h1>{{ .Content }}")
    (layouts / "list.html").write_text("{{ range .Pages }}<p>{{ .Title }}</p>{{ end }}")
    hugo(tmp_path, archive)
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "public").rglob("index.html")]
    titles = Counter(page.partition("</h1>")[0].removeprefix("<h1>") for page in pages if page.startswith("<h1>"))
    assert len([key for key in articles(archive) if version_of(key)]) == len(ITEMS) + 2
    expected = Counter({item.title: 1 for item in (*ITEMS, OLD)}) + Counter([ITEMS[0].title, ITEMS[1].title])
    assert titles == expected + Counter(["Digest of 2025-12-25", "Digest of 2025-12-26"])


@pytest.fixture(scope="module")
def example(archive: FolderStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of Hugo for a copy of the example. Hugo also writes a lock file into the folder of the site."""
    site = tmp_path_factory.mktemp("example")
    shutil.copytree(EXAMPLE, site, dirs_exist_ok=True)
    hugo(site, archive)
    return site / "public"


def links(page: Path) -> list[str]:
    return [str(link) for _, _, link, _ in lxml.html.parse(page).getroot().iterlinks() if str(link).startswith("/")]


def test_the_example_lists_days_newest_first_and_every_link_leads_to_a_page(example: Path) -> None:
    days = [link for link in links(example / "index.html") if "digest" in link]
    assert days == ["/2025/12/26/digest/", "/2025/12/25/digest/"]
    waiting, found = [example / "index.html"], set[Path]()
    while waiting:
        page = waiting.pop()
        found.add(page)
        waiting += {example / link.strip("/") / "index.html" for link in links(page)} - found - set(waiting)
    articles = [page for page in found if "example.org" in page.parts]
    assert len(articles) == len(ITEMS) + 3  # links() above raises OSError for a link without a page
    titles = Counter(str(lxml.html.parse(page).findtext(".//h1")) for page in articles)
    assert titles == Counter({item.title: 1 for item in (*ITEMS, OLD)}) + Counter([ITEMS[0].title, ITEMS[1].title])


def test_the_example_lists_an_article_with_a_full_text_once(example: Path) -> None:
    (full,) = example.rglob("*.full/index.html")
    article = full.parents[1] / full.parent.name.removesuffix(".full") / "index.html"
    assert links(example / "2025/12/25/digest/index.html").count(f"/{full.parent.relative_to(example)}/") == 1
    assert f"/{article.parent.relative_to(example)}/" not in links(example / "2025/12/25/digest/index.html")
    assert f"/{article.parent.relative_to(example)}/" in links(full)
    assert f"/{full.parent.relative_to(example)}/" in links(article)
    listed = [link for page in example.rglob("index.html") if "example.org" not in page.parts for link in links(page)]
    assert listed.count(f"/{full.parent.relative_to(example)}/") == 1


def test_the_example_orders_a_day_by_time_and_links_to_the_previous_version(example: Path) -> None:
    (revision,) = example.rglob("*.r2/index.html")
    text = revision.read_text(encoding="utf-8")
    assert "corrected at some length" in text
    assert 'datetime="2025-12-24T08:00:00Z"' in text
    (previous,) = [link for link in links(revision) if "example.org" in link]
    assert "Story 0." in (example / previous.strip("/") / "index.html").read_text(encoding="utf-8")


def test_the_documentation_has_the_lines_of_the_example(example: Path) -> None:
    (block,) = [block for block in code_blocks(ROOT / "docs" / "reading.md") if "[frontmatter]" in block]
    configuration = tomllib.loads((EXAMPLE / "hugo.toml").read_text(encoding="utf-8"))
    documented = tomllib.loads(block)
    assert configuration["frontmatter"] == documented["frontmatter"]
    hooks = configuration["markup"]["goldmark"]["renderHooks"]
    assert hooks == documented["markup"]["goldmark"]["renderHooks"]
    assert configuration["cascade"] == documented["cascade"]


def test_the_example_shows_stored_pictures_and_links_stored_enclosures(tmp_path: Path) -> None:
    store, clock = FolderStore(tmp_path / "my-archive"), Clock(NOW)
    with publisher(clock) as site:
        site.serve_pictures()
        completing = Completing(store, clock)
        completing.archive(site.article("/a.png", "/b.svg", "/gone.png"))
        completing.archive_episode((site.serve("/e.mp3", MP3), "audio/mpeg"))
        clock.now = NOW + timedelta(days=1)
        completing.run()
        build(store, clock())
        gone = site.url("/gone.png")
    example = tmp_path / "examples" / "hugo"
    shutil.copytree(EXAMPLE, example)
    hugo(example, store)
    (article,) = (example / "public").glob("2025/12/25/example.org/article-1-*/index.html")
    sources = [str(each.get("src")) for each in lxml.html.parse(article).iter("img")]
    assert sources[2] == gone
    shown = [(example / "public" / source.strip("/")).read_bytes() for source in sources[:2]]
    assert shown == [objects(store)[source.strip("/")] for source in sources[:2]]
    (episode,) = (example / "public").glob("2025/12/25/example.org/an-episode-*/index.html")
    (link,) = [link for link in links(episode) if "/media/" in link]
    assert (example / "public" / link.strip("/")).read_bytes() == MP3
