"""The mail as a message: headers, both parts, and size. A feed cannot add anything to it but text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest

from feedarchive.digest.digest import make_digest
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.mail.attention import Attention
from feedarchive.mail.compose_mail import mail_of_day
from feedarchive.mail.mail import Mail
from feedarchive.mail.message import MAX_BYTES, Envelope, message_for
from feedarchive.mail.text_mail import text_mail
from tests.browser.hostile import LINKS, TEXTS
from tests.harness.clock import CHRISTMAS
from tests.hostile.snippets import SNIPPETS
from tests.unit.digest.entries import DAY, entry, revision
from tests.unit.digest.test_day_stories import REPORTS, others

ENVELOPE = Envelope("archive@mail.example", "reader@home.example", "My_bucket")
PAGES = "https://archive.example/read"


def mail_of(entries: Sequence[DigestEntry], attention: Sequence[Attention] = (), pages_url: str = PAGES) -> Mail:
    return mail_of_day(make_digest(DAY, "UTC", entries), "s3://bucket", attention, CHRISTMAS, pages_url)


def parsed(mail: Mail) -> EmailMessage:
    message = message_from_bytes(message_for(mail, ENVELOPE), policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def html_of(mail: Mail) -> str:
    body = parsed(mail).get_body(("html",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content()).replace("\r\n", "\n")


class Elements(HTMLParser):
    """The names of all elements and attributes of an HTML document, and the targets of its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


def test_the_headers() -> None:
    message = parsed(mail_of([entry("Žluťoučký kůň"), revision("Edited")]))
    assert {name.lower(): str(value) for name, value in message.items()} == {
        "from": "archive@mail.example",
        "to": "reader@home.example",
        "subject": "25 Dec: 1 article from 1 feed, 1 updated: Žluťoučký kůň",
        "date": "Thu, 25 Dec 2025 10:00:00 +0000",
        "message-id": "<2025-12-25.my-bucket.feedarchive@mail.example>",
        "references": "<thread.2025-12-25.my-bucket.feedarchive@mail.example>",
        "list-id": "Feedarchive <my-bucket.feedarchive.mail.example>",
        "auto-submitted": "auto-generated",
        "mime-version": "1.0",
        "content-type": 'multipart/alternative; boundary="=_feedarchive_parts"',
    }


def test_a_mail_that_is_sent_again_has_the_same_id_and_another_day_another() -> None:
    first = mail_of([entry("A")])
    later = replace(first, time=datetime(2025, 12, 25, 11, tzinfo=UTC))
    assert parsed(first)["Message-ID"] == parsed(later)["Message-ID"]
    assert parsed(first)["Date"] != parsed(later)["Date"]
    assert message_for(first, ENVELOPE) == message_for(first, ENVELOPE)
    assert parsed(first)["Message-ID"] != parsed(replace(first, name="2025-12-26"))["Message-ID"]


def test_titles_summaries_stories_and_links() -> None:
    gone = Attention("The <Example>", "HTTP 410 Gone", "remove it from feeds.toml")
    mail = mail_of([*REPORTS, *others(), revision("Edited")], [gone])
    html = html_of(mail)
    day = f"{PAGES}/2025/12/25"
    bbc = f"{day}/bbc.example.html#{7:012x}"
    title = "The council of Oldtown votes to rebuild the stone bridge"
    assert f'<p class="t"><a href="{bbc}"><bdi>{title}</bdi></a></p>\n<p><bdi>About the council' in html
    assert f'Also: <a href="{day}/aja.example.html#{5:012x}"><bdi>Al Jazeera</bdi></a>, <a href="{day}/dw.' in html
    assert '<bdi>BBC</bdi> · <a href="https://bbc.example/the-council-of' in html
    assert f'<a href="{day}/index.html">Read in the archive</a>' in html
    assert "<h2>Updated</h2>" in html
    assert "<strong><bdi>The &lt;Example&gt;</bdi></strong>: <bdi>HTTP 410 Gone</bdi></p>" in html
    text = parsed(mail).get_body(("plain",))
    assert isinstance(text, EmailMessage)
    assert text.get_content().replace("\r\n", "\n") == text_mail(mail)


def test_without_the_url_of_the_pages_titles_lead_to_the_publisher() -> None:
    html = html_of(mail_of([entry("A bridge"), entry("No link", link="")], pages_url=""))
    assert '<a href="https://example.org/a-bridge"><bdi>A bridge</bdi></a>' in html
    assert '<p class="t"><bdi>No link</bdi></p>' in html
    assert '<p class="s">s3://bucket/pages/2025/12/25/index.html</p>' in html


@pytest.mark.parametrize("text", ["word ", "漢字", "<&\"'>", "ä"], ids=["ascii", "han", "markup", "latin"])
def test_a_message_is_never_larger_than_100_kb_and_as_long_as_possible(text: str) -> None:
    entries = [
        entry(
            f"{n} {text * 300}",
            key=f"archive/2025/12/25/s{n}.example/a-{n:012x}.md",
            site=f"s{n}.example",
            feed=f"{n} {text * 100}",
            description=text * 300,
            link=f"https://s{n}.example/" + "x" * 970,
        )
        for n in range(300)
    ]
    mail = mail_of(entries, [Attention(f"{n} {text * 300}", text * 300, text * 300) for n in range(200)])
    data = message_for(mail, ENVELOPE)
    assert 60_000 < len(data) <= MAX_BYTES == 100_000
    assert max(map(len, data.splitlines())) < 998
    html = html_of(mail)
    shown = html.count('class="t"')
    assert 3 <= shown <= 50
    assert f"and {300 - shown} more" in html
    named = html.count("<strong>")
    assert 3 <= named <= 20
    assert f"and {200 - named} more" in html


def test_hostile_texts_stay_text_and_load_nothing() -> None:
    texts = [
        *TEXTS,
        *SNIPPETS.values(),
        "a\r\nBcc: evil@evil.example\r\n\r\n<script>",
        "--=_feedarchive_parts\r\n\r\nx",
    ]
    links = [*LINKS, 'https://evil.example/" onclick="alert(1)', "https://evil.example/\r\nX: y"]
    entries = [
        entry(
            text, key=f"archive/2025/12/25/example.org/a-{n:012x}.md", feed=text, description=text, author=text,
            link=links[n % len(links)],
        )
        for n, text in enumerate(texts)
    ]  # fmt: skip
    for start in range(0, len(entries), 20):
        for pages_url in ("", PAGES):
            mail = mail_of(entries[start : start + 20], [Attention(text, text, text) for text in texts], pages_url)
            message = parsed(mail)
            assert [part.get_content_type() for part in message.walk()] == [
                "multipart/alternative", "text/plain", "text/html",
            ]  # fmt: skip
            assert "Bcc" not in message
            found = Elements(html_of(mail))
            assert found.names <= {
                "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "a", "ul", "li", "bdi", "strong",
                "code",
            }  # fmt: skip
            assert found.attributes <= {"lang", "charset", "name", "content", "class", "href"}
            assert all(link.startswith(("https://", "http://")) for link in found.links)
