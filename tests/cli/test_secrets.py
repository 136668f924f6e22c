"""Secrets of feeds (logins, headers, tokens in URLs) are sent to their servers, and stored only in feeds.toml."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import pytest

from feedarchive.article.yaml_format import parse_front_matter
from tests.cli.command import Workspace
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, Response, feed_server

USER, PASSWORD, KEY = "alice-in-chains", "hunter2-%40%3A", "key-of-gold"
TOKEN, FROM_ENVIRONMENT = "swordfish-1", "open-sesame"
SECRETS = (
    USER,
    PASSWORD,
    KEY,
    TOKEN,
    "swordfish",
    FROM_ENVIRONMENT,
    "hunter2",
    base64.b64encode(f"{USER}:hunter2".encode()).decode()[:20],
)
# Everything that may be resolved against the feed's URL, and so against the password in it.
BODY = escape('<p>Some <a href="a/link">words</a> and <img src="/i.png"> <a href="?q">more</a>.</p>')
RELATIVE = f"""<rss version="2.0" xml:base="/base/"><channel><title>T</title><link>/home</link>
<item><link>/relative/one</link><guid isPermaLink="true">/guid/one</guid><description>{BODY}</description>
<enclosure url="sound.mp3" type="audio/mpeg"/></item>
<item><guid>two</guid><description>Without a link: {BODY}</description></item>
<item><link>relative/dropped</link></item>
<item><link>relative/cut-off</link>"""


def repeating(query: str = "v=1", path: str = "/path/") -> bytes:
    """A document that repeats the secrets of its URL in each field."""
    query = query.replace("&", "&amp;")
    return f"""<rss version="2.0"><channel><title>T</title><link>/private?{query}</link>
<item><title>See /private?{query}</title><link>/article?{query}</link><guid isPermaLink="false">{query}</guid>
<description>In {path}feed?{query}: {BODY}</description><enclosure url="/a.mp3?{query}" type="audio/mpeg"/></item>
<item><link>relative/article</link><description>At {path}feed</description></item>
<item><guid>{path}?{query}</guid></item>
<item><link>{path}dropped?{query}</link></item></channel></rss>""".encode()


ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>relative-id</id><link href="home"/>
<entry><id>relative-entry</id><link href="entry"/><content type="html">In Atom: {BODY}</content></entry>
<entry><link href="entry-dropped"/></entry></feed>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "T", "home_page_url": "home",
"items": [{"id": "1", "url": "one", "image": "i.png", "content_html": "<a href='x'>words of JSON</a>"},
{"url": "json-dropped"}, 7]}"""
TOKEN_PATHS = ("private", "private-away", "private-page", "private-missing", "private-moved")
PATHS = ("good", "relative", "atom", "json", "page", "moved", "away", "loop", "missing")


@dataclass(frozen=True)
class Archived:
    """An archive after one fetch, the server with the requests that it received, and the output of the command."""

    workspace: Workspace
    server: FeedServer
    output: str


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archived]:
    workspace = Workspace(tmp_path_factory.mktemp("desk"))
    with feed_server() as server:
        _serve(server)
        host = f"{server.host}:{server.port}"
        urls = [f"http://{USER}:{PASSWORD}@{host}/{path}" for path in PATHS]
        urls += [f"http://{USER}:{PASSWORD}@127.0.0.1:9/closed", f"https://{USER}:{PASSWORD}@{host}/tls"]
        urls += [f"http://{USER}:{PASSWORD}@no-such-host.invalid/feed"]
        urls += [f"http://{host}/{path}?token={TOKEN}&page=1" for path in TOKEN_PATHS]
        urls += [f"http://{host}/path/{{env:SECRET_PATH}}/feed", f"http://{host}/query?u=env:SECRET_PATH&v=1"]
        urls += [f"http://me:env:SECRET_PATH@{host}/login"]
        rest = f'headers = {{ X-Key = "{KEY}" }}\ndrop = {{ link = "dropped" }}'
        workspace.write_feeds(*(f'url = "{url}"\n{rest}' for url in urls))
        result = workspace.run("fetch", "--json", env=ENVIRONMENT)
        assert (result.status, result.report["failed"]) == (0, 10)
        yield Archived(workspace, server, result.stdout + result.stderr)


def _serve(server: FeedServer) -> None:
    server.serve("/good", rss(Item("One", "https://example.org/one"), Item("Two", "https://example.org/two")))
    server.serve("/relative", RELATIVE.encode())
    server.serve("/atom", ATOM.encode())
    server.serve("/json", JSON.encode(), "application/json")
    server.serve("/private?token=swordfish-1&page=1", repeating("token=swordfish-1&page=1"))
    server.serve("/path/open-sesame/feed", repeating(path="/path/open-sesame/"))
    server.serve("/query?u=open-sesame&v=1", repeating("u=open-sesame&v=1"))
    server.serve("/login", repeating())
    page = f'<!doctype html><link rel="alternate" type="application/rss+xml" href="/private?token={TOKEN}">'.encode()
    server.serve("/private-page?token=swordfish-1&page=1", page, "text/html")
    for path in ("away", "moved"):
        location = f"/{path}?token={TOKEN}&page=1" if path == "away" else f"/private?token={TOKEN}&page=1"
        headers = {"Location": location}
        server.responses[f"/private-{path}?token={TOKEN}&page=1"] = Response(status=301, headers=headers)
    server.serve("/page", b"<!doctype html><html></html>", "text/html")
    for path, location in (("/moved", "/relative"), ("/away", "gopher:"), ("/loop", "loop")):
        server.responses[path] = Response(status=302, headers={"Location": location})


ENVIRONMENT = {"SECRET_PATH": FROM_ENVIRONMENT}


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret.lower() in text.lower()]


def test_the_server_gets_them(archived: Archived) -> None:
    request = next(request for request in archived.server.requests if request.path == "/good")
    assert base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")) == f"{USER}:hunter2-@:".encode()
    assert request.headers["X-Key"] == KEY
    paths = {request.path for request in archived.server.requests}
    assert {"/private?token=swordfish-1&page=1", "/path/open-sesame/feed", "/query?u=open-sesame&v=1"} <= paths
    login = next(request for request in archived.server.requests if request.path == "/login")
    assert base64.b64decode(login.headers["Authorization"].removeprefix("Basic ")) == b"me:open-sesame"


def test_neither_the_report_nor_the_log_has_them(archived: Archived) -> None:
    assert archived.output.count("dropped") >= 3
    assert leaks(archived.output) == [], [line for line in archived.output.splitlines() if leaks(line)]


def test_the_table_on_a_terminal_does_not_show_them(archived: Archived) -> None:
    _, screen = archived.workspace.run_on_terminal("fetch", "--all", columns=400)
    assert "outcome" in screen
    assert leaks(screen) == []


def test_no_file_of_the_archive_has_them_but_the_feeds_files(archived: Archived) -> None:
    files = {
        p.relative_to(archived.workspace.archive).as_posix(): p
        for p in archived.workspace.archive.rglob("*")
        if p.is_file()
    }
    assert len(archived.workspace.articles()) >= 6
    assert {name.partition("/")[0] for name in files} >= {"archive", "claims", "state", "archive.json"}
    holding = {name for name, path in files.items() if leaks(name + path.read_text(encoding="utf-8"))}
    assert holding == {"feeds.toml"}


def test_no_page_and_no_command_shows_them(archived: Archived) -> None:
    workspace, shown = archived.workspace, ""
    for command in ("digest", "status", "feeds", "export", "check", "feeds --json", "status --json"):
        result = workspace.run(*command.split(), env=ENVIRONMENT)
        assert result.status == 0, result.stderr
        shown += result.stdout + result.stderr
    for path in ("/private", "/private-page", "/private-missing"):
        url = archived.server.url(f"{path}?token={TOKEN}&page=1")
        shown += "".join(workspace.run("preview", url, "--entry", "1", env=ENVIRONMENT).__dict__["stdout"])
        shown += workspace.run("add", url).stderr + workspace.run("preview", url).stdout
    assert shown.count("token=***") > 20
    assert leaks(shown) == [], [line for line in shown.splitlines() if leaks(line)]
    files = [path for path in workspace.archive.rglob("*") if path.is_file() and path.name != "feeds.toml"]
    assert {path.name for path in files} >= {"digest.json", "digest.md", "status.json", "index.html"}
    assert [path for path in files if leaks(path.read_text(encoding="utf-8"))] == []


def test_a_masked_url_finds_its_feed(archived: Archived) -> None:
    url = archived.server.url("/private?token=***&page=1")
    result = archived.workspace.run("fetch", "--only", url, "--json", env=ENVIRONMENT)
    assert (result.status, result.report["polled"]) == (0, 1)
    assert "already subscribed" in archived.workspace.run("add", url).stderr


def test_the_source_in_the_front_matter_is_the_url_without_them(archived: Archived) -> None:
    texts = [(archived.workspace.archive / path).read_text(encoding="utf-8") for path in archived.workspace.articles()]
    sources = {parse_front_matter(text)["source"] for text in texts}
    assert sources >= {archived.server.url(path) for path in ("/good", "/relative", "/atom", "/json")}
    assert all(source.startswith(f"http://{archived.server.host}:") for source in sources)


def test_the_error_of_an_invalid_feeds_file_does_not_show_them(archived: Archived) -> None:
    wrong = archived.workspace.folder / "wrong.toml"
    wrong.write_text((archived.workspace.archive / "feeds.toml").read_text(encoding="utf-8") + 'body = "pdf"\n')
    result = archived.workspace.run("fetch", "--feeds", "wrong.toml")
    assert result.status == 2
    assert "/login): body: expected" in result.stderr
    assert leaks(result.stderr) == []
