"""What ``feedarchive serve`` serves, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from feedarchive.archive.forget import forget
from feedarchive.serve.guard import Guard
from feedarchive.serve.http import Request
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.digests import build
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item
from tests.harness.full_texts import complete, full_texts, version_keys
from tests.serve.serving import Served, files, folder_of, make_archive, served

_BRIDGE = Item("The old bridge", "https://example.org/bridge", "b", "The council keeps its arches.")


def fill(store: Store, clock: Clock) -> None:
    """Thirty articles, of which one was edited the day after."""
    make_archive(store)
    archiver = FeedArchiver(store, clock)
    items = [Item(f"Article {n}", f"https://example.org/{n}", f"{n}", f"Story {n}, zebra{n}.") for n in range(29)]
    archiver.poll(_BRIDGE, *items, tags=("local",))
    bridge = next(key for key in version_keys(store) if "old-bridge" in key)
    complete(store, clock, bridge, "The council keeps its *seven* arches, says the page.")
    build(store, clock())
    clock.move(days=1)
    archiver.poll(replace(_BRIDGE, text="The council keeps two of its arches."), *items, tags=("local",))
    build(store, clock())


@pytest.fixture(scope="module")
def served_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FolderStore, Served]]:
    """One archive for all tests that only read."""
    store, clock = FolderStore(tmp_path_factory.mktemp("archive")), Clock()
    fill(store, clock)
    with served(store, clock) as running:
        yield store, running


def links(page: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)"', page)]


def test_every_page_can_be_reached_by_links_and_nothing_in_the_archive_changes(
    served_archive: tuple[FolderStore, Served],
) -> None:
    store, running = served_archive
    before = files(folder_of(store))
    seen, waiting = set[str](), ["/"]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = running.get(path)
        assert answer.status == 200, path
        if answer.headers["Content-Type"].startswith("text/html"):
            waiting += [each for each in links(answer.body) if each.startswith("/") and each not in {*seen, *waiting}]
    assert {"/days", "/days/2025-12-25", "/days/2025-12-26", "/feeds", "/feeds/example", "/?page=2"} <= seen
    kinds = {path.split("/")[1].split("?")[0] for path in seen}
    assert kinds == {"", "days", "feeds", "archive", "compare", "raw", "style.css"}
    assert files(folder_of(store)) == before


def test_an_article_has_its_full_text_and_what_the_feed_said(served_archive: tuple[FolderStore, Served]) -> None:
    store, running = served_archive
    (full,) = full_texts(store)
    first, second = sorted(key for key in version_keys(store) if "old-bridge" in key)
    for key, feed in ((first, "The council keeps its arches."), (second, "The council keeps two of its arches.")):
        page = running.get(f"/{key}").body
        assert "The council keeps its <em>seven</em> arches, says the page." in page
        assert re.search(rf"<details><summary[^>]*>What the feed said \(\d words\)</summary>\s*<p>{feed}</p>", page)
        assert f'href="/raw/{full}"' in page
        assert "<script" not in page
    assert running.get(f"/{full}").body == running.get(f"/{first}").body
    assert running.get(f"/raw/{full}").body == full_texts(store)[full]
    assert running.get("/?q=seven").body.count("<mark>seven</mark>") == 1
    for other in (f"/{full}.md", f"/raw/{full[:-3]}", f"/compare/{full}", "/archive/2025/12/25/example.org/x.full.md"):
        assert running.get(other).status == 404


def test_search_with_words_and_filters(served_archive: tuple[FolderStore, Served]) -> None:
    _, running = served_archive
    page = running.get("/?q=zebra7").body
    assert "<h2>1 article</h2>" in page
    assert "Story 7, <mark>zebra7</mark>." in page
    assert "Try fewer words" not in page
    page = running.get("/?q=zebra7&site=other.example").body
    assert "<h2>0 articles</h2>" in page
    assert "Try fewer words" in page
    assert "<h2>29 articles</h2>" in running.get("/?q=story&tag=local&month=2025-12").body
    assert "no letters or digits" in running.get("/?q=***").body
    assert "Page 2 of 2" in running.get("/?page=2").body
    for odd in ("0", "-1", "x", "9999999999999999999", "%00", "%FF"):
        assert running.get(f"/?page={odd}&q={odd}").status == 200


def test_an_article_has_its_versions_and_what_changed(served_archive: tuple[FolderStore, Served]) -> None:
    store, running = served_archive
    (first,) = folder_of(store).glob("archive/2025/12/25/example.org/the-old-bridge-*[0-9a-f].md")
    key = f"archive/2025/12/26/example.org/{first.stem}.r2.md"
    page = running.get(f"/{key}").body
    assert "The council keeps two of its arches." in page
    assert f"/archive/2025/12/25/example.org/{first.name}" in links(page)
    changed = running.get(f"/compare/{key}").body
    assert [words.strip() for words in re.findall("<ins>(.*?)</ins>", changed)] == ["two of"]
    assert "2 words added, 0 words removed" in changed
    assert running.get(f"/raw/{key}").body == (folder_of(store) / key).read_text(encoding="utf-8")
    assert running.get(f"/compare/archive/2025/12/25/example.org/{first.name}").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/feeds.toml", "/archive.json", "/state/all.json", "/archive", "/archive/", "/archive/index.json",
        "/archive/2025/12/25/digest.json", "/raw/feeds.toml", "/raw/archive/2025/12/25/digest.json",
        "/archive/../feeds.toml", "/raw/../feeds.toml", "/raw/archive/2025/12/25/../../../../feeds.toml",
        "/archive/2025/12/25/example.org/..%2f..%2f..%2f..%2f..%2ffeeds.toml", "/..%2ffeeds.toml", "//feeds.toml",
        "/raw/%2e%2e/feeds.toml", "/raw//etc/passwd", "/etc/passwd", "/style.css/../../feeds.toml", "/days/2025-13-01",
        "/days/../../feeds.toml", "/feeds/../feeds.toml", "/feeds/nobody", "/raw/archive/2025/12/25/example.org",
        "/archive/2025/12/25/example.org/missing-0123456789ab.md", "/%00", "/raw/archive%00", "/compare/",
        "/archive/2025/12/25/example.org/missing-0123456789ab.md%0a",
    ],
)  # fmt: skip
def test_nothing_but_pages_and_articles_is_served(served_archive: tuple[FolderStore, Served], path: str) -> None:
    answer = served_archive[1].get(path)
    assert answer.status == 404
    assert "https://example.org/feed.xml" not in answer.body


def test_a_link_that_leads_out_of_the_archive_is_not_followed_by_name(
    served_archive: tuple[FolderStore, Served],
) -> None:
    """Only keys of articles are read: a name that ends in .md alone is not enough."""
    store, running = served_archive
    secret = folder_of(store) / "archive" / "2025" / "12" / "25" / "example.org" / "secret.md"
    secret.write_text("secret\n")
    assert running.get("/raw/archive/2025/12/25/example.org/secret.md").status == 404
    secret.unlink()


def test_every_response_has_the_headers_that_keep_it_harmless(served_archive: tuple[FolderStore, Served]) -> None:
    for path in ("/", "/nope", "/style.css", "/feeds"):
        headers = served_archive[1].get(path).headers
        policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
        assert policy == {
            "default-src": "'none'", "style-src": "'self'", "img-src": "http: https:", "form-action": "'self'",
            "base-uri": "'none'", "frame-ancestors": "'none'",
        }  # fmt: skip
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Server" not in headers


def test_the_pages_are_read_only(served_archive: tuple[FolderStore, Served]) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"):
        assert served_archive[1].get("/", method).status == 405
    assert served_archive[1].get("/", "HEAD").body == ""


def test_another_host_is_refused(served_archive: tuple[FolderStore, Served]) -> None:
    _, running = served_archive
    port = running.port
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1:1", "", f"127.0.0.1.evil.example:{port}", "["):
        answer = running.get("/", Host=host)
        assert answer.status in (400, 421), host
        assert "bridge" not in answer.body
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"LOCALHOST:{port}"):
        assert running.get("/", Host=host).status == 200


def test_open_to_other_machines_it_needs_the_token(tmp_path_factory: pytest.TempPathFactory) -> None:
    store, clock = FolderStore(tmp_path_factory.mktemp("token")), Clock()
    fill(store, clock)
    with served(store, clock, host="0.0.0.0") as running:
        token = running.url.partition("?token=")[2]
        assert len(token) >= 32
        for path in ("/", "/?token=", "/?token=wrong", "/style.css", "/feeds.toml"):
            assert running.get(path).status == 403
        assert running.get("/", Cookie="token=wrong").status == 403
        moved = running.get(f"/days?q=a&token={token}")
        assert (moved.status, moved.headers["Location"]) == (303, "/days?q=a")
        cookie = moved.headers["Set-Cookie"]
        assert cookie.endswith("; HttpOnly; SameSite=Strict; Path=/")
        assert running.get("/", Cookie=cookie.partition(";")[0]).status == 200
        assert running.get(f"/?token={token}", Host=f"evil.example:{running.port}").status == 421
        assert running.get(f"//evil.example?token={token}").headers["Location"].startswith("/evil.example")


@pytest.mark.parametrize(
    ("host", "is_allowed"),
    [("192.168.1.5:8000", True), ("[fe80::1]:8000", True), ("my-machine:8000", True), ("evil.example:8000", False),
     ("192.168.1.5:80", False), ("192.168.1.5.evil.example:8000", False), ("", False), ("a:b:8000", False)],
)  # fmt: skip
def test_with_a_token_addresses_and_own_names_are_allowed(host: str, is_allowed: bool) -> None:
    guard = Guard(frozenset({"my-machine"}), 8000, "secret")
    refusal = guard.refusal(Request("GET", "/", host=host, cookies={"token": "secret"}))
    assert (refusal is None) == is_allowed


def test_without_images_no_picture_is_loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    store, clock = FolderStore(tmp_path_factory.mktemp("images")), Clock()
    make_archive(store)
    FeedArchiver(store, clock).poll(
        Item("Picture", "https://example.org/p", "p", '<img src="https://example.org/x.png">')
    )
    (path,) = folder_of(store).glob("archive/*/*/*/*/picture-*.md")
    key = path.relative_to(folder_of(store)).as_posix()
    for images, policy in ((True, "img-src http: https:"), (False, "img-src 'none'")):
        with served(store, clock, images=images) as running:
            answer = running.get(f"/{key}")
            assert ("<img" in answer.body) == images
            assert policy in answer.headers["Content-Security-Policy"]


def test_an_archive_in_s3_is_searched_by_titles_and_descriptions(store: Store, clock: Clock) -> None:
    """A folder gives the same results. There, texts are searched, too."""
    fill(store, clock)
    with served(store, clock) as running:
        assert "Story 7, <mark>zebra7</mark>." in running.get("/?q=zebra7&tag=local&since=2025").body
        assert "<h2>0 articles</h2>" in running.get("/?q=zebra7+-story").body
        assert "<h2>29 articles</h2>" in running.get("/?q=story&site=example.org&month=2025-12").body
        assert running.get("/feeds/example").status == 200
        forget(store, "https://example.org/7", CHRISTMAS + timedelta(days=2))
        build(store, clock())
        assert "<h2>0 articles</h2>" in running.get("/?q=zebra7").body
