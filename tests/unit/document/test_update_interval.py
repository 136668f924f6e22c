"""How often a document asks to be polled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedarchive.document.model import Document
from feedarchive.document.parse_document import parse_document

_SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ("", None),
        ("<ttl>60</ttl>", timedelta(hours=1)),
        ("<ttl>\n 1440 </ttl>", timedelta(days=1)),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>an hour</ttl>", None),
        ("<ttl>99999999999999999999</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>", timedelta(hours=1)),
        ("<sy:updatePeriod>\n\thourly\t</sy:updatePeriod>", timedelta(hours=1)),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", timedelta(hours=6)),
        ("<sy:updateFrequency>2</sy:updateFrequency>", timedelta(hours=12)),
        ("<sy:updatePeriod>sometimes</sy:updatePeriod>", None),
        ("<sy:updatePeriod>weekly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", None),
        ("<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
    ],
)
def test_ttl_and_the_syndication_module(elements: str, expected: timedelta | None) -> None:
    body = f'<rss version="2.0" {_SY}><channel><title>T</title>{elements}<item><title>A</title></item></channel></rss>'
    document = parse_document(body.encode(), "https://example.org/feed")
    assert isinstance(document, Document)
    assert document.update_interval == expected
