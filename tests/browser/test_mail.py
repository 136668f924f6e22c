"""The HTML mail on a phone, in Chromium: readable, and two clicks from the mail to the whole article."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedarchive.builds.builder import DigestBuilder
from feedarchive.mail.message import Envelope, message_for
from feedarchive.store.folder import FolderStore
from tests.browser.archives import BRIDGE, DAY
from tests.browser.chromium import PHONE, Watched, findings_on_phone_and_desktop
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.digests import RecordingAnnouncer


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def pages_url(own_archive: Path) -> Iterator[str]:
    """The URL of a web server for the archive's pages."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_QuietHandler, directory=str(own_archive / "pages")))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def mail(own_archive: Path, pages_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the HTML part of the mail about Christmas."""
    clock, announcer = Clock(CHRISTMAS), RecordingAnnouncer()
    clock.move(days=1)
    DigestBuilder(FolderStore(own_archive), ZoneInfo("UTC"), [], clock(), pages_url=pages_url).build_due(announcer)
    (made,) = (each for each in announcer.announced if each.mail.day == DAY)
    data = message_for(made.mail, Envelope("archive@mail.example", "reader@mail.example", "bucket"))
    body = message_from_bytes(data, _class=EmailMessage, policy=policy.default).get_body(("html",))
    assert isinstance(body, EmailMessage)
    path = tmp_path_factory.mktemp("mail") / "mail.html"
    path.write_text(str(body.get_content()), encoding="utf-8")
    return path


@pytest.fixture
def phone(watched: Watched) -> Watched:
    watched.show(PHONE)
    return watched


def test_it_is_accessible_and_loads_nothing(watched: Watched, mail: Path) -> None:
    watched.open(mail)
    assert findings_on_phone_and_desktop(watched) == []
    assert watched.requests == [mail.as_uri()]


def test_one_click_from_a_title_to_the_article(phone: Watched, mail: Path) -> None:
    page = phone.open(mail)
    phone.follow(page.get_by_role("link", name=BRIDGE).first)
    article = page.locator("article:target")
    assert article.locator("h2").inner_text().startswith(BRIDGE)
    assert "decided to keep" in article.inner_text()


def test_two_clicks_over_the_page_of_the_day(phone: Watched, mail: Path) -> None:
    page = phone.open(mail)
    phone.follow(page.get_by_role("link", name="Read in the archive"))
    assert page.locator("p", has_text="Also:").get_by_role("link").count() == 2
    phone.follow(page.get_by_role("link", name="Flour is dear"))
    assert page.locator("article:target h2").inner_text() == "Flour is dear"
    assert "prices have doubled" in page.locator("article:target").inner_text()


def test_the_other_articles_about_an_event_are_one_click_away(phone: Watched, mail: Path) -> None:
    page = phone.open(mail)
    also = page.locator("p", has_text="Also:")
    assert also.count() == 1
    phone.follow(also.get_by_role("link").last)
    assert page.locator("article:target h2").inner_text().startswith(BRIDGE)
