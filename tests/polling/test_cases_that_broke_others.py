"""Every case known to have broken an archiver or reader of feeds, and the test that holds it.

Most are elsewhere, beside what they test; those that are nowhere else are below the table.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from loopback import Answer
from press import Item, articles, first_versions, rss
from world import World, news

TESTS = Path(__file__).parents[1]
HERE = "polling/test_cases_that_broke_others.py"
SAME, RUNS, REFUSALS = "guarantees/test_same_article.py", "guarantees/test_runs.py", "polling/test_refusals.py"
MOVES, DAMAGE, CHARSET = "polling/test_moves.py", "unit/document/test_xml_damage.py", "unit/document/test_charset.py"

HELD = {
    "guid http→https": (SAME, "test_guid_from_http_to_https"),
    "guid path changed, same link and title": (SAME, "test_guid_changed_with_the_same_link_and_title"),
    "slug in guid edited": (HERE, "test_a_slug_that_is_edited_in_the_guid"),
    "one guid for all entries": (SAME, "test_one_guid_for_all_entries"),
    "repeated guid and a new entry on top": (SAME, "test_a_repeated_guid_and_a_new_entry_on_top"),
    "repeated link": (SAME, "test_a_repeated_link_without_guids"),
    "no guid and no link": (SAME, "test_neither_guid_nor_link_but_the_same_words_and_date"),
    "empty guid": (SAME, "test_empty_guids"),
    "one article in two section feeds": (SAME, "test_one_article_in_two_section_feeds_of_a_site"),
    "same title, different articles (series, comics)": (SAME, "test_the_same_title_for_different_articles"),
    "title with a comment count": (HERE, "test_a_title_that_counts_comments"),
    "body with the current time in it": (
        "guarantees/test_revisions.py", "test_a_feed_with_a_clock_in_its_text_is_noisy",
    ),
    "pubDate bumped": (SAME, "test_a_publication_date_that_is_bumped"),
    "no date, polled on two days": (SAME, "test_an_entry_without_a_date_polled_on_two_days"),
    "future date": ("unit/article/test_render.py", "test_a_date_in_the_future_is_clamped_and_kept"),
    "entry comes back after a purge": (
        "guarantees/test_deleted_stays_deleted.py", "test_what_the_retention_rule_removed_does_not_come_back",
    ),
    "state deleted": (RUNS, "test_lost_state_costs_one_full_poll_and_changes_nothing"),
    "two runs at once": ("guarantees/test_two_runs.py", "test_processes_over_one_folder"),
    "crash between article and state": ("guarantees/test_interrupted.py", "test_the_next_run_finishes_what_was_begun"),
    "digest built twice, a day late, with the feed down": (
        "guarantees/test_digest.py", "test_built_twice_a_year_later_and_by_two_at_once_the_bytes_are_the_same",
    ),
    "day boundary in the user's zone": (
        "guarantees/test_digest.py", "test_days_begin_at_midnight_in_the_archives_zone",
    ),
    "304 with only a new ETag": ("polling/test_conditional_get.py", "test_a_304_with_only_a_new_etag_replaces_only_that"),
    "200 with the same body": (
        "polling/test_conditional_get.py", "test_a_200_with_the_same_body_ends_there_and_its_new_etag_is_kept",
    ),
    "429 with a date in Retry-After": (
        REFUSALS, "test_a_refused_feed_waits_as_long_as_a_date_in_retry_after_says",
    ),
    "503 on one path of a host": (REFUSALS, "test_503_is_the_word_of_one_feed_only"),
    "404 for six hours": (REFUSALS, "test_youtube_answers_404_for_hours_and_no_feed_is_lost"),
    "410": (REFUSALS, "test_410_stops_a_feed_and_says_so"),
    "301 to an HTML page": (MOVES, "test_a_permanent_redirect_to_a_page_never_moves_a_feed"),
    "302 then 301": (MOVES, "test_one_temporary_hop_makes_the_whole_way_temporary"),
    "http→https": ("unit/polling/test_moved.py", "test_only_http_to_https_on_the_same_path_is_believed_at_once"),
    "gzip bomb": ("unit/polling/test_compressed.py", "test_a_bomb_is_too_large_and_takes_no_memory"),
    "11 MB body": (HERE, "test_a_body_of_11_mb"),
    "leading newline": (DAMAGE, "test_white_space_before_the_declaration_is_told_and_passed_over"),
    "BOM": (DAMAGE, "test_a_byte_order_mark_is_no_damage"),
    "bare &": (DAMAGE, "test_bare_ampersands_are_text"),
    "control characters": (DAMAGE, "test_control_characters_and_references_to_them_go"),
    "charset lies: cp1251 as utf-8": (CHARSET, "test_cyrillic_declared_as_utf_8_is_detected"),
    "charset lies: utf-8 as something else": (CHARSET, "test_what_is_valid_utf_8_is_utf_8_whatever_the_labels_say"),
    "charset only in the header": (CHARSET, "test_a_charset_that_only_the_header_names_is_used"),
    "JSON Feed with numeric ids": (HERE, "test_a_json_feed_with_numeric_ids"),
    "200 with an HTML page": (HERE, "test_a_200_that_is_no_feed"),
    "200 with nothing": (HERE, "test_a_200_that_is_no_feed"),
    "title : # and the like, as a file's name": (
        "unit/article/test_article_keys.py", "test_every_title_that_broke_others_makes_a_key_a_store_takes",
    ),
    "title : # and the like, in YAML": (
        "unit/article/test_front_matter.py", "test_every_yaml_reads_the_titles_that_broke_others",
    ),
    "relative and lazy-loaded images": (HERE, "test_relative_and_lazy_loaded_images"),
    "one bad entry in a good feed": (
        RUNS, "test_a_bug_that_one_entry_or_one_feed_meets_stops_neither_the_feed_nor_the_run",
    ),
    "one bad feed in a run": (RUNS, "test_a_bad_feed_never_stops_its_run"),
    "redirect to 169.254.169.254": (
        "unit/polling/test_public_addresses.py", "test_a_redirect_leads_to_no_private_address",
    ),
    "DNS rebinding": (
        "unit/polling/test_public_addresses.py", "test_a_name_that_changes_its_address_is_looked_at_each_time",
    ),
    "file: in a list of feeds": (
        "unit/feeds/test_wrong_feeds_files.py", "test_what_is_no_address_of_a_feed_is_refused",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HELD)
def test_the_case_is_held_by_a_test(case: str) -> None:
    file, name = HELD[case]
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert name in found, f"{file} no longer has {name}: who holds {case!r} now?"


def poll(world: World, body: bytes, content_type: str = "application/rss+xml") -> dict[str, bytes]:
    """One more poll, half a day later; every article there is afterwards."""
    server = world.server()
    server.answers["/feed"] = Answer(body, headers={"Content-Type": content_type})
    world.subscribe(server.url("/feed"))
    world.run()
    world.clock.move(hours=12)
    return first_versions(world.store)


@pytest.mark.parametrize("form", ["https://example.org/{}", "tag:example.org,2025:{}", "{}"])
def test_a_slug_that_is_edited_in_the_guid(world: World, form: str) -> None:
    link, text = "https://example.org/?p=7", "The council decided to rebuild the bridge by spring."
    for slug in ("bridge-to-be-rebuilt", "old-bridge-to-be-rebuilt"):
        found = poll(world, rss(Item("A bridge", link=link, guid=form.format(slug), text=text)))
    assert len(found) == 1


def test_a_title_that_counts_comments(world: World) -> None:
    """One article; of its many titles a few are kept as revisions, the others are named."""
    link = "https://example.org/story"
    for comments in range(12):
        found = poll(world, rss(Item(f"A story ({comments} comments)", link=link, guid="tag:1")))
    assert len(found) == 1
    assert len(articles(world.store)) <= 3 + 6  # three at once, then one a day
    assert world.problems("held-back")


def test_a_body_of_11_mb(world: World) -> None:
    good, text = (
        news(1),
        b"<item><title>Padding</title><description>" + b"words " * 2_000_000 + b"</description></item>",
    )
    assert poll(world, good.replace(b"</channel>", text + b"</channel>")) == {}
    assert world.reports[-1].problems[0].kind == "too-large"
    assert len(poll(world, good)) == 1


def test_a_json_feed_with_numeric_ids(world: World) -> None:
    items = [{"id": n, "title": f"Number {n}", "content_text": f"The story number {n}."} for n in range(3)]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Numbers", "items": items}).encode()
    assert len(poll(world, body, "application/feed+json")) == 3
    assert len(poll(world, body.replace(b'"id": 1', b'"id": "1"'), "application/feed+json")) == 3


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!doctype html><html><p>Please log in", "an HTML page, not a feed"),
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b'{"error": "busy"}', "no JSON Feed"),
    ],
)
def test_a_200_that_is_no_feed(world: World, body: bytes, words: str) -> None:
    """It is named, and what was known before is known afterwards."""
    before = poll(world, news(1, 2))
    assert poll(world, body, "text/html") == before
    assert words in world.reports[-1].problems[0].detail
    assert poll(world, news(1, 2, 3)).keys() > before.keys()
    assert world.reports[-1].known == 2


def test_relative_and_lazy_loaded_images(world: World) -> None:
    text = '<p>Two pictures</p><img src="/a.jpg" alt="A"><img src="data:image/gif;base64,R0" data-src="b.jpg" alt="B">'
    (article,) = poll(world, rss(Item(link="https://example.org/news/7", guid="7", text=text))).values()
    assert b"![A](https://example.org/a.jpg)" in article
    assert b"![B](https://example.org/news/b.jpg)" in article
