"""The mail by SES, with the SES of a local AWS."""

from __future__ import annotations

import json
import os
import urllib.request
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from feedarchive.archive.open_archive import open_archive
from feedarchive.store.interface import StoreError
from feedarchive.store.location import open_store
from tests.functions.conftest import Account, Context
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item
from tests.harness.ministack import client, sent_mails

FEEDS = '[[feeds]]\nurl = "https://example.org/feed.xml"\n'


@pytest.fixture
def addresses(account: Account, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """A sender and a recipient that no other test uses. Neither is verified."""
    sender, recipient = f"{account.bucket}@sender.example", f"{account.bucket}@reader.example"
    for name, value in (("MAIL_FROM", sender), ("MAIL_TO", recipient), ("PAGES_URL", "https://pages.example/read")):
        monkeypatch.setenv(name, value)
    return sender, recipient


@pytest.fixture
def past(account: Account) -> datetime:
    """The time, three days ago, at which an article was archived."""
    store, moment = open_store(f"s3://{account.bucket}"), datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    open_archive(store, FEEDS)
    FeedArchiver(store, Clock(moment)).poll(Item("Žluťoučký kůň\r\nBcc: x@y.example", "https://example.org/1"))
    return moment


def verify(*addresses: str) -> None:
    for address in addresses:
        client("sesv2").create_email_identity(EmailIdentity=address)


def sent_from(sender: str) -> list[dict[str, Any]]:
    """The mails that the local SES accepted from a sender."""
    with urllib.request.urlopen(f"{os.environ['AWS_ENDPOINT_URL']}/_ministack/ses/messages", timeout=30) as response:
        document = json.load(response)
    return [mail for mail in sent_mails(document) if mail["Source"] == sender]


def test_a_finished_day_is_sent_once_as_html_and_text(
    addresses: tuple[str, str], past: datetime, build_digest: ModuleType, account: Account, context: Context
) -> None:
    verify(*addresses)
    day = past.date().isoformat()
    assert build_digest.handler({}, context)["announced"] == [day]
    assert build_digest.handler({}, context)["announced"] == []
    (mail,) = sent_from(addresses[0])
    assert mail["To"] == [addresses[1]]
    assert mail["Subject"].endswith(": 1 article from 1 feed: Žluťoučký kůň Bcc: x@y.example")
    page = past.strftime("https://pages.example/read/%Y/%m/%d/example.org.html#")
    assert f'<a href="{page}' in mail["BodyHtml"]
    assert page in mail["BodyText"]
    assert len(account.announced(account.digests)) == 1


def test_a_day_that_could_not_be_sent_stays_unannounced_and_is_sent_later(
    addresses: tuple[str, str], past: datetime, build_digest: ModuleType, account: Account, context: Context
) -> None:
    with pytest.raises(StoreError) as raised:
        build_digest.handler({}, context)
    message, day = str(raised.value), past.date().isoformat()
    assert message.startswith(f"cannot send the mail {day} from {addresses[0]} to {addresses[1]}: ")
    assert "not verified" in message
    assert "\n" not in message
    assert account.announced(account.digests) == []
    verify(*addresses)
    assert build_digest.handler({}, context)["announced"] == [day]
    assert len(sent_from(addresses[0])) == len(account.announced(account.digests)) == 1
