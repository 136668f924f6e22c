"""The text of the daily mail, word for word, and the JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from feedarchive.digest.digest import make_digest
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.mail.announcement import Announcement, Place, announcement_for, silence_announcement
from feedarchive.mail.attention import Attention
from tests.harness.clock import CHRISTMAS
from tests.unit.digest.entries import DAY, entry, revision
from tests.unit.digest.test_day_stories import REPORTS, others

ENTRIES = [
    entry("A bridge", published="2025-12-25T07:00:00Z"),
    entry("Flour", published="2025-12-25T09:00:00Z"),
    entry("Snow", site="other.example", feed="another feed"),
    entry("", description="A note without a title", key="archive/2025/12/25/example.org/untitled-000000000000.md"),
    entry("From long ago", published="2025-12-01T08:00:00Z"),
    revision("Edited"),
]
TEXT = """\
Thursday, 25 December 2025: 5 articles from 2 feeds, 1 updated
{page}

Flour
  The Example: {flour}

Snow
  another feed: {snow}

A note without a title
  The Example: {note}

A bridge
  The Example: {bridge}

Updated:

Edited
  The Example: {edited}

From the backlog:

From long ago
  The Example: {old}
"""
LINKS = {
    "page": "s3://bucket/pages/2025/12/25/index.html",
    "flour": "https://example.org/flour",
    "snow": "https://other.example/snow",
    "note": "https://example.org/",
    "bridge": "https://example.org/a-bridge",
    "edited": "https://example.org/edited",
    "old": "https://example.org/from-long-ago",
}
GONE = Attention("The Example", "HTTP 410 Gone", "remove it from feeds.toml")


def announced(entries: Sequence[DigestEntry], attention: Sequence[Attention] = (), pages_url: str = "") -> Announcement:
    return announcement_for(make_digest(DAY, "UTC", entries), Place("s3://bucket", pages_url), attention, CHRISTMAS)


def test_every_title_has_its_link_and_the_newest_of_every_feed_comes_in_turn() -> None:
    made = announced(ENTRIES)
    assert made.subject == "Feedarchive 2025-12-25: 5 articles from 2 feeds, 1 updated: Flour"
    assert made.text == TEXT.format(**LINKS)


def test_with_the_url_of_the_pages_all_links_lead_there() -> None:
    entries = [entry("A bridge"), entry("Snow", site="other.example", feed="another feed")]
    made = announced(entries, pages_url="https://archive.example/read/")
    day = "https://archive.example/read/2025/12/25"
    assert [line.strip() for line in made.text.splitlines() if "https:" in line] == [
        f"{day}/index.html",
        f"another feed: {day}/other.example.html#0123456789ab",
        f"The Example: {day}/example.org.html#0123456789ab",
    ]


def test_the_feeds_that_need_attention_with_reason_and_advice() -> None:
    made = announced(ENTRIES, [GONE, Attention("b", "it has moved", "")])
    assert made.subject.startswith(
        "Feedarchive 2025-12-25: 5 articles from 2 feeds, 1 updated, 2 feeds need attention: "
    )
    assert made.text == TEXT.format(**LINKS) + (
        "\nNeeds attention:\n- The Example: HTTP 410 Gone; remove it from feeds.toml\n- b: it has moved\n"
    )
    full_disk = Attention("disk", "it is full", "", is_feed=False)
    assert ", 2 problems need attention: " in announced(ENTRIES, [GONE, full_disk]).subject
    many = announced(ENTRIES, [GONE] * 25).text.splitlines()
    assert many.count("- The Example: HTTP 410 Gone; remove it from feeds.toml") == 20
    assert many[-1] == "and 5 more: feedarchive status lists all"


def test_articles_of_one_event_are_listed_once_with_links_to_the_others() -> None:
    text = announced([*REPORTS, *others()]).text
    assert (
        "\n  BBC: https://bbc.example/the-council-of-oldtown-votes-to-rebuild-the-stone-bridge\n"
        "  also Al Jazeera: https://aja.example/the-council-of-oldtown-votes-to-rebuild-the-stone-bridge\n"
        "  also D[W]: https://dw.example/the-council-of-oldtown-votes-to-rebuild-the-stone-bridge\n"
    ) in text
    assert text.count("\nThe council of Oldtown") == 1


def test_the_subject_has_the_event_that_most_sites_reported() -> None:
    later = [replace(each, published="2025-12-25T09:30:00Z") for each in others()]
    made = announced([*REPORTS, *later])
    assert made.text.splitlines()[3] == "comet 1"
    assert made.subject.startswith("Feedarchive 2025-12-25: 13 articles from 13 feeds: The council of Oldtown votes")


@pytest.mark.parametrize(("new", "old", "edited"), [(50, 0, 0), (60, 3, 4), (10, 80, 5), (0, 70, 1)])
def test_at_most_fifty_titles_and_the_rest_is_counted_by_kind(new: int, old: int, edited: int) -> None:
    news = [entry(f"New {n:02}", key=f"archive/2025/12/25/example.org/n-{n:012x}.md") for n in range(new)]
    backlog = [
        entry(f"Old {n:02}", "2025-12-01T08:00:00Z", key=f"archive/2025/12/25/example.org/o-{n:012x}.md")
        for n in range(old)
    ]
    text = announced([*news, *backlog, *(replace(revision(f"Edited {n}"), id=f"{n:032x}") for n in range(edited))]).text
    shown = [len([line for line in text.splitlines() if line.startswith(kind)]) for kind in ("New ", "Edited ", "Old ")]
    left = 50
    for number, kept in zip((new, edited, old), shown, strict=True):
        assert kept == min(number, left)
        left -= kept
        assert (f"\nand {number - kept} more\n" in text) == (number > kept)


def test_a_long_title_is_shortened_and_a_very_long_link_left_out() -> None:
    lines = announced([entry("word " * 100, link="https://example.org/" + "x" * 2_000)]).text.splitlines()
    assert 150 <= len(lines[3]) <= 160
    assert lines[3].endswith("…")
    assert lines[4] == "  The Example"


def test_an_update_says_what_changed() -> None:
    first = replace(revision("Edited"), previous_title="As it was", words_added=12, words_removed=3)
    second = replace(revision("Edited again", 3), previous_title="Edited", words_added=1, words_removed=0)
    lines = announced([first, second]).text.splitlines()
    assert lines[2:] == [
        "", "Updated:", "", "Edited again", "  The Example: https://example.org/edited-again",
        "  13 words added, 3 removed; before: As it was",
    ]  # fmt: skip


def test_text_from_feeds_stays_on_its_line() -> None:
    hostile = entry(
        "One\r\nBcc: a@b.example\n\nTwo\u2028Three", feed="Feed\nX: y", link="javascript:alert(1)", key="k/k/k"
    )
    made = announced([hostile])
    assert made.text.splitlines()[3:] == ["One Bcc: a@b.example Two Three", "  Feed X: y"]
    assert made.subject == "Feedarchive 2025-12-25: 1 article from 1 feed: One Bcc: a@b.example Two Three"


def test_the_subject_is_short_ascii() -> None:
    subject = announced([entry("Žluťoučký kůň 🎄 и 東京 " * 20)]).subject
    assert subject.startswith("Feedarchive 2025-12-25: 1 article from 1 feed: Zlutoucky kun i ")
    assert subject.isascii()
    assert 85 < len(subject) < 100
    assert subject.endswith("...")


def test_the_data_for_programs() -> None:
    folder = "archive/2025/12/25"
    assert json.loads(announced(ENTRIES, [GONE]).data) == {
        "day": "2025-12-25",
        "location": "s3://bucket",
        "json": f"{folder}/digest.json",
        "markdown": f"{folder}/digest.md",
        "html": "pages/2025/12/25/index.html",
        "counts": make_digest(DAY, "UTC", ENTRIES).counts(),
    }


def test_days_without_any_article() -> None:
    made = silence_announcement(date(2025, 12, 20), date(2025, 12, 24), Place("my-archive"), [GONE], CHRISTMAS)
    assert made.subject == "Feedarchive 2025-12-24: no new article for 4 days, 1 feed needs attention"
    assert made.text == (
        "No new article for 4 days: The last article was archived on 20 December 2025. feedarchive status lists all "
        "feeds.\nmy-archive/pages/index.html\n\nNeeds attention:\n"
        "- The Example: HTTP 410 Gone; remove it from feeds.toml\n"
    )
    assert json.loads(made.data) == {
        "silent_since": "2025-12-20", "silent_until": "2025-12-24", "location": "my-archive",
    }  # fmt: skip
