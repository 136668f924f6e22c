"""Known tracking parameters and fragments are removed. Similar ones are not, because they may select a page."""

from __future__ import annotations

import pytest

from feedarchive.identity.canonical_url import canonical_url
from feedarchive.identity.tracking_parameters import (
    is_counter_fragment,
    is_tracking_fragment,
    without_tracking_parameters,
)


@pytest.mark.parametrize(
    ("parameter", "is_tracking"),
    [
        ("utm_source=x", True), ("UTM_Source=x", True), ("fbclid=1", True), ("ito", True), ("ref=rss", True),
        ("ref=rss_main", True), ("from=feedly", True), ("rss=1", True), ("rss=", True),
        ("itom=5", False), ("icidnumber=5", False), ("fbclids=1", False), ("my_utm_source=x", False),
        ("ref=feed5", False), ("from=feedback", False), ("ref=rss-5", False), ("rss=12", False), ("ref=42", False),
    ],
)  # fmt: skip
def test_parameters(parameter: str, is_tracking: bool) -> None:
    assert without_tracking_parameters(f"b=2&{parameter}&a=1") == ("b=2&a=1" if is_tracking else f"b=2&{parameter}&a=1")
    canonical = canonical_url(f"https://example.org/a?id=1&{parameter}")
    assert (canonical == "example.org/a?id=1") is is_tracking


@pytest.mark.parametrize(
    ("fragment", "is_ignored"),
    [
        ("0", True), ("999", True), ("1000", False), ("12a", False), ("a1", False), ("", True), ("rss", True),
        (":~:text=a bridge", True), ("utm_source=rss", True), ("xtor=RSS-1", True), ("rss-feeds", False),
        ("xtorch=1", False), ("part:~:text=a", False),
    ],
)  # fmt: skip
def test_fragments(fragment: str, is_ignored: bool) -> None:
    assert (is_tracking_fragment(fragment) or is_counter_fragment(fragment)) is is_ignored
    assert (canonical_url(f"https://example.org/a#{fragment}") == "example.org/a") is is_ignored
