"""Passwords in a feed's URL and values of its headers stay in the feeds file."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import pytest
from command import Desk

from feedarchive.article.yaml_format import parse_front_matter
from loopback import Answer, FeedServer, feed_server
from press import Item, rss

USER, PASSWORD, KEY = "alice-in-chains", "hunter2-%40%3A", "key-of-gold"
SECRETS = (USER, PASSWORD, KEY, "hunter2", base64.b64encode(f"{USER}:hunter2".encode()).decode()[:20])
# All that may be relative to the feed's URL, and with it to the password in it.
BODY = escape('<p>Some <a href="a/link">words</a> and <img src="/i.png"> <a href="?q">more</a>.</p>')
RELATIVE = f"""<rss version="2.0" xml:base="/base/"><channel><title>T</title><link>/home</link>
<item><link>/relative/one</link><guid isPermaLink="true">/guid/one</guid><description>{BODY}</description>
<enclosure url="sound.mp3" type="audio/mpeg"/></item>
<item><guid>two</guid><description>Without a link: {BODY}</description></item>
<item><link>relative/dropped</link></item>
<item><link>relative/cut-off</link>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>relative-id</id><link href="home"/>
<entry><id>relative-entry</id><link href="entry"/><content type="html">In Atom: {BODY}</content></entry>
<entry><link href="entry-dropped"/></entry></feed>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "T", "home_page_url": "home",
"items": [{"id": "1", "url": "one", "image": "i.png", "content_html": "<a href='x'>words of JSON</a>"},
{"url": "json-dropped"}, 7]}"""
PATHS = ("good", "relative", "atom", "json", "page", "moved", "away", "loop", "missing")


@dataclass(frozen=True)
class Kept:
    """An archive fetched once, and what its server was asked."""

    desk: Desk
    server: FeedServer
    said: str


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    with feed_server() as server:
        _serve(server)
        host = f"{server.host}:{server.port}"
        urls = [f"http://{USER}:{PASSWORD}@{host}/{path}" for path in PATHS]
        urls += [f"http://{USER}:{PASSWORD}@127.0.0.1:9/closed", f"https://{USER}:{PASSWORD}@{host}/tls"]
        urls += [f"http://{USER}:{PASSWORD}@no-such-host.invalid/feed"]
        rest = f'headers = {{ X-Key = "{KEY}" }}\ndrop = {{ link = "dropped" }}'
        desk.write_feeds(*(f'url = "{url}"\n{rest}' for url in urls))
        ran = desk.run("fetch", "--json")
        assert (ran.status, ran.report["failed"]) == (0, 7)
        yield Kept(desk, server, ran.stdout + ran.stderr)


def _serve(server: FeedServer) -> None:
    server.serve("/good", rss(Item("One", "https://example.org/one"), Item("Two", "https://example.org/two")))
    server.serve("/relative", RELATIVE.encode())
    server.serve("/atom", ATOM.encode())
    server.serve("/json", JSON.encode(), "application/json")
    server.serve("/page", b"<!doctype html><html></html>", "text/html")
    for path, location in (("/moved", "/relative"), ("/away", "gopher:"), ("/loop", "loop")):
        server.answers[path] = Answer(status=302, headers={"Location": location})


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret.lower() in text.lower()]


def test_the_server_is_told_them(kept: Kept) -> None:
    asked = next(asked for asked in kept.server.asked if asked.path == "/good")
    assert base64.b64decode(asked.headers["Authorization"].removeprefix("Basic ")) == f"{USER}:hunter2-@:".encode()
    assert asked.headers["X-Key"] == KEY


def test_neither_the_report_nor_the_log_shows_them(kept: Kept) -> None:
    assert kept.said.count("dropped") >= 3
    assert leaks(kept.said) == []


def test_the_table_on_a_terminal_does_not_show_them(kept: Kept) -> None:
    _, shown = kept.desk.run_on_terminal("fetch", "--all", columns=400)
    assert "outcome" in shown
    assert leaks(shown) == []


def test_no_file_of_the_archive_holds_them_but_the_feeds_files(kept: Kept) -> None:
    files = {p.relative_to(kept.desk.archive).as_posix(): p for p in kept.desk.archive.rglob("*") if p.is_file()}
    assert len(kept.desk.articles()) >= 6
    assert {name.partition("/")[0] for name in files} >= {"archive", "claims", "state", "archive.json"}
    holding = {name for name, path in files.items() if leaks(name + path.read_text(encoding="utf-8"))}
    assert holding == {"feeds.toml", "feeds.last-good.toml"}


def test_the_source_in_the_front_matter_is_the_url_without_them(kept: Kept) -> None:
    texts = [(kept.desk.archive / path).read_text(encoding="utf-8") for path in kept.desk.articles()]
    sources = {parse_front_matter(text)["source"] for text in texts}
    assert sources >= {kept.server.url(path) for path in ("/good", "/relative", "/atom", "/json")}
    assert all(source.startswith(f"http://{kept.server.host}:") for source in sources)


def test_a_wrong_feeds_file_is_refused_without_showing_them(kept: Kept) -> None:
    wrong = kept.desk.folder / "wrong.toml"
    wrong.write_text((kept.desk.archive / "feeds.toml").read_text(encoding="utf-8") + 'body = "pdf"\n')
    ran = kept.desk.run("fetch", "--feeds", "wrong.toml")
    assert ran.status == 2
    assert "no-such-host.invalid/feed): body: expected" in ran.stderr
    assert leaks(ran.stderr) == []
