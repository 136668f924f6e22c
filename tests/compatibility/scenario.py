"""A fixed scenario: three polls, edits, a takedown and digests. The archive it makes is compared across releases."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.feed_documents import Item, rss

HOST, PORT = "127.0.77.1", 8077  # fixed: feed URLs are part of ids and files
SITE = "https://example.org"
Response = tuple[int, bytes, dict[str, str]]
"""Status, body and headers."""


def url(path: str) -> str:
    return f"http://{HOST}:{PORT}{path}"


FEEDS = f"""[archive]
time_zone = "Europe/Berlin"
contact = "https://example.org/about"

[fetch]
allow_private_addresses = true

[[feeds]]
url = "{url("/news.xml")}"
id = "news"
tags = ["news"]

[[feeds]]
url = "{url("/atom.xml")}"
id = "atom"
body = "html"

[[feeds]]
url = "{url("/feed.json")}"
title = "A JSON feed"
drop = {{ title = "(?i)sponsored" }}

[[feeds]]
url = "{url("/damaged.xml")}"
id = "damaged"

[[feeds]]
url = "{url("/missing.xml")}"
id = "missing"

[[feeds]]
url = "{url("/busy.xml")}"
id = "busy"

[[feeds]]
url = "{url("/moved.xml")}"
id = "moved"

[[feeds]]
url = "{url("/gone.xml")}"
id = "gone"

[[feeds]]
url = "{url("/page.html")}"
id = "page"
"""

_HTML = (
    "<p>The <b>council</b> met: <a href='/minutes?utm_source=rss&amp;id=3'>minutes</a>, forty people.</p>"
    "<img src='/bridge.jpg' alt='The bridge'><table><tr><th>Day</th><th>Vote</th></tr><tr><td>Mon</td><td>7</td></tr>"
    "</table><pre><code class='language-python'>print(1)</code></pre><script>alert(1)</script>"
)
NEWS = [
    Item("Guid and link", link=f"{SITE}/a?utm_source=x", guid="tag:1", text=_HTML),
    Item("Guid is the link", link=f"{SITE}/b", guid=f"{SITE}/b", permalink=True),
    Item("Guid is an address", link=f"{SITE}/c", guid=f"{SITE}/?p=3", date="Mon, 01 Dec 2025 08:00:00 +0100"),
    Item('Link alone: a "quoted" title\'s {{< shortcode >}} & émigré 漢字', link=f"{SITE}/d"),
    Item("About another's page", link="https://elsewhere.example/", guid="tag:5"),
    Item("Words alone", text="Nothing but words.", date=None),
    Item("Morning news", link=f"{SITE}/live", guid="monday-1", text="What the morning brought us."),
    Item("To be taken down", link=f"{SITE}/down", guid="tag:9", text="Somebody will want this gone."),
    Item(None, link=f"{SITE}/untitled", guid="tag:10", text="A post without a title. It has two sentences."),
]
EDITED = [
    Item("Guid and link, corrected", link=f"{SITE}/a", guid="tag:1", text=_HTML.replace("met", "met again")),
    *NEWS[1:6],
    Item("Evening", link=f"{SITE}/live", guid="monday-2", text="All quiet by night."),
    NEWS[7],
    NEWS[8],
    Item("Guid is an address", link=f"{SITE}/c-moved", guid=f"{SITE}/?p=3"),
]
TRUNCATED = [Item("Cut & dried", link=f"{SITE}/cut"), Item("Half", link=f"{SITE}/half")]
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>An Atom feed</title><link href="https://atom.example/"/>
<author><name>Ada</name></author>
<entry><id>urn:1</id><title type="html">A &lt;em&gt;marked&lt;/em&gt; title</title><link href="https://atom.example/1"/>
<updated>2025-12-24T11:00:00Z</updated><category term="one"/><category term="two words"/>
<content type="html">&lt;p&gt;Some text &lt;img src="pic.png"&gt;&lt;/p&gt;</content>
<link rel="enclosure" href="https://atom.example/1.mp3" type="audio/mpeg" length="12345678"/></entry>
<entry><id>urn:2</id><title>From tomorrow</title><link href="https://atom.example/2"/>
<published>2025-12-31T11:00:00Z</published><summary>Dated ahead.</summary></entry>
</feed>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "Of no interest", "home_page_url": "https://json.example/",
"items": [{"id": 1, "url": "https://json.example/1", "title": "One", "content_text": "Plain\\n\\ntext http://x.example/"},
{"id": "2", "url": "https://json.example/2", "title": "Sponsored: two", "content_html": "<p>Buy</p>"}]}"""


def documents(edited: bool) -> dict[str, Response]:
    """What the server sends, by path."""
    news = rss(*(EDITED if edited else NEWS))
    return {
        "/news.xml": (200, news, {"Cache-Control": "max-age=60"}),
        "/atom.xml": (200, ATOM.encode(), {}),
        "/feed.json": (200, JSON.encode(), {"Content-Type": "application/feed+json"}),
        "/damaged.xml": (
            200,
            rss(Item("Cut & dried", link=f"{SITE}/cut"), Item("Half", link=f"{SITE}/half"))[:-80],
            {},
        ),
        "/missing.xml": (404, b"nothing here", {}),
        "/busy.xml": (429, b"later", {"Retry-After": "7200"}),
        "/moved.xml": (301, b"", {"Location": "/new.xml"}),
        "/new.xml": (200, rss(Item("At its new address", link=f"{SITE}/new", guid="tag:new")), {}),
        "/gone.xml": (410, b"gone", {}),
        "/page.html": (200, b"<!doctype html><link rel=alternate type=application/rss+xml href=/news.xml>", {}),
    }


@contextmanager
def serving(clock: Clock, responses: Mapping[str, Response]) -> Iterator[None]:
    """Serve some documents, each with an ETag, for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, body, headers = responses[self.path]
            etag = f'"{hashlib.sha256(body).hexdigest()[:8]}"'
            if status == 200 and self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            self.send_response_only(status)
            sent = {"Content-Type": "application/xml", "ETag": etag, "Content-Length": str(len(body)), **headers}
            for name, value in {"Date": self.date_time_string(clock().timestamp()), **sent}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((HOST, PORT), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def play(
    store: Store,
    clock: Clock,
    run: Callable[[Store, Clock, Mapping[str, Response]], None],
    build: Callable[[Store, Clock], None],
    forget: Callable[[Store, str, datetime], object],
) -> None:
    """Poll twice, poll the edited documents, forget an article, poll a day later; build digests in between."""
    run(store, clock, documents(edited=False))
    clock.move(hours=1)
    run(store, clock, documents(edited=False))
    clock.move(hours=3)
    run(store, clock, documents(edited=True))
    build(store, clock)
    forget(store, f"{SITE}/down", clock())
    clock.move(days=1)
    run(store, clock, documents(edited=True))
    build(store, clock)
