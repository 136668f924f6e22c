"""Every case known to have broken a feed reader or archiver, and the test that covers it.

Most tests are next to what they test; those that fit nowhere else follow the table.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from tests.harness.feed_archiver import articles, first_versions
from tests.harness.feed_documents import Item, news, rss
from tests.harness.feed_server import Response
from tests.harness.simulation import Simulation

TESTS = Path(__file__).parents[1]
HERE = "polling/test_known_hard_cases.py"
SAME, DIFFERENT = "guarantees/test_same_article.py", "guarantees/test_different_articles.py"
RUNS = "guarantees/test_runs.py"
LIMITS, FAILING = "polling/test_rate_limits.py", "polling/test_gone_and_failing_feeds.py"
MOVES, DAMAGE = "polling/test_moves.py", "unit/document/test_xml_repair.py"
CHARSET = "unit/document/test_charset_detection.py"

COVERED = {
    "guid http→https": (SAME, "test_a_guid_that_changes_from_http_to_https"),
    "guid path changed, same link and title": (SAME, "test_another_guid_with_the_same_link_and_title"),
    "slug in guid edited": (HERE, "test_a_slug_that_is_edited_in_the_guid"),
    "one guid for all entries": (DIFFERENT, "test_one_guid_for_all_entries"),
    "repeated guid and a new entry on top": (DIFFERENT, "test_a_repeated_guid_and_a_new_entry_on_top"),
    "repeated link": (DIFFERENT, "test_a_repeated_link_without_guids"),
    "no guid and no link": (SAME, "test_neither_guid_nor_link_but_the_same_words_and_date"),
    "empty guid": (DIFFERENT, "test_empty_guids"),
    "one article in two section feeds": (SAME, "test_one_article_in_two_section_feeds_of_a_site"),
    "same title, different articles (series, comics)": (DIFFERENT, "test_the_same_title_for_different_articles"),
    "title with a comment count": (HERE, "test_a_title_that_counts_comments"),
    "body with the current time in it": (
        "guarantees/test_noisy_feeds.py", "test_a_feed_with_a_clock_in_its_text_is_noisy",
    ),
    "pubDate bumped": (SAME, "test_another_publication_date"),
    "no date, polled on two days": (SAME, "test_an_entry_without_a_date_polled_on_two_days"),
    "future date": ("unit/article/test_front_matter.py", "test_a_future_date_is_clamped_and_kept_as_claimed"),
    "entry comes back after a purge": (
        "guarantees/test_deleted_stays_deleted.py", "test_a_file_deleted_by_the_retention_rule_is_not_archived_again",
    ),
    "state deleted": (RUNS, "test_lost_state_costs_one_full_poll_and_changes_nothing"),
    "two runs at once": ("guarantees/test_concurrent_runs.py", "test_processes_over_one_folder"),
    "crash between article and state": ("guarantees/test_interrupted.py", "test_the_next_run_finishes_the_work"),
    "digest built twice, a day late, with the feed down": (
        "guarantees/test_digest.py", "test_another_build_a_year_later_and_concurrent_builds_give_the_same_bytes",
    ),
    "day boundary in the user's zone": (
        "guarantees/test_articles_in_digests.py", "test_days_begin_at_midnight_in_the_archives_zone",
    ),
    "304 with only a new ETag": (
        "polling/test_conditional_get.py", "test_a_304_with_only_a_new_etag_replaces_only_that",
    ),
    "200 with the same body": (
        "polling/test_conditional_get.py", "test_a_200_with_the_same_body_is_unchanged_and_its_etag_is_kept",
    ),
    "429 with a date in Retry-After": (
        LIMITS, "test_a_date_in_retry_after_is_respected",
    ),
    "503 on one path of a host": (LIMITS, "test_a_503_delays_only_its_own_feed"),
    "404 for six hours": (FAILING, "test_a_404_for_hours_loses_no_feed"),
    "410": (FAILING, "test_a_410_stops_polling_for_a_month_and_is_reported_until_the_url_changes"),
    "301 to an HTML page": (MOVES, "test_a_permanent_redirect_to_a_page_never_moves_a_feed"),
    "302 then 301": (MOVES, "test_one_temporary_redirect_makes_the_chain_temporary"),
    "http→https": ("unit/polling/test_permanent_redirects.py", "test_only_an_upgrade_to_https_is_confirmed_at_once"),
    "gzip bomb": (
        "unit/polling/test_content_encoding.py", "test_a_decompression_bomb_is_too_large_and_uses_little_memory",
    ),
    "11 MB body": (HERE, "test_a_body_of_11_mb"),
    "leading newline": (DAMAGE, "test_white_space_before_the_declaration_is_skipped_and_reported"),
    "BOM": (DAMAGE, "test_a_byte_order_mark_is_not_damage"),
    "bare &": (DAMAGE, "test_stray_ampersands_are_text"),
    "control characters": (DAMAGE, "test_control_characters_and_references_to_them_are_removed"),
    "charset lies: cp1251 as utf-8": (CHARSET, "test_cyrillic_declared_as_utf_8_is_detected"),
    "charset lies: utf-8 as something else": (CHARSET, "test_valid_utf_8_is_utf_8_whatever_is_declared"),
    "charset only in the header": (CHARSET, "test_an_encoding_that_only_the_header_declares_is_used"),
    "JSON Feed with numeric ids": (HERE, "test_a_json_feed_with_numeric_ids"),
    "200 with an HTML page": (HERE, "test_a_200_that_is_not_a_feed"),
    "200 with nothing": (HERE, "test_a_200_that_is_not_a_feed"),
    "title : # and the like, as a file's name": (
        "unit/article/test_file_names.py", "test_every_difficult_title_makes_a_valid_key",
    ),
    "title : # and the like, in YAML": (
        "unit/article/test_yaml_format.py", "test_every_parser_reads_difficult_titles",
    ),
    "relative and lazy-loaded images": (HERE, "test_relative_and_lazy_loaded_images"),
    "one bad entry in a good feed": (
        RUNS, "test_a_bug_in_one_entry_or_feed_stops_neither_the_feed_nor_the_run",
    ),
    "one bad feed in a run": (RUNS, "test_a_failing_feed_does_not_stop_the_run"),
    "redirect to 169.254.169.254": (
        "unit/polling/test_private_addresses.py", "test_a_redirect_to_a_private_address_is_not_followed",
    ),
    "DNS rebinding": (
        "unit/polling/test_private_addresses.py", "test_a_host_that_changes_its_address_is_checked_each_time",
    ),
    "file: in a list of feeds": (
        "unit/feeds/test_invalid_feeds_files.py", "test_a_url_that_is_not_http_or_invalid_is_rejected",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", COVERED)
def test_the_case_is_covered_by_a_test(case: str) -> None:
    file, name = COVERED[case]
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert name in found, f"{file} has no {name}: which test covers {case!r} now?"


def poll(simulation: Simulation, body: bytes, content_type: str = "application/rss+xml") -> dict[str, bytes]:
    """Poll once and move the clock by half a day. Return all articles of the archive."""
    server = simulation.server()
    server.responses["/feed"] = Response(body, headers={"Content-Type": content_type})
    simulation.subscribe(server.url("/feed"))
    simulation.run()
    simulation.clock.move(hours=12)
    return first_versions(simulation.store)


@pytest.mark.parametrize("form", ["https://example.org/{}", "tag:example.org,2025:{}", "{}"])
def test_a_slug_that_is_edited_in_the_guid(simulation: Simulation, form: str) -> None:
    link, text = "https://example.org/?p=7", "The council decided to rebuild the bridge by spring."
    for slug in ("bridge-to-be-rebuilt", "old-bridge-to-be-rebuilt"):
        found = poll(simulation, rss(Item("A bridge", link=link, guid=form.format(slug), text=text)))
    assert len(found) == 1


def test_a_title_that_counts_comments(simulation: Simulation) -> None:
    """There is one article. The first two new titles are kept as revisions, and later ones do not count as edits."""
    link = "https://example.org/story"
    for comments in range(12):
        found = poll(simulation, rss(Item(f"A story ({comments} comments)", link=link, guid="tag:1")))
    assert len(found) == 1
    assert len(articles(simulation.store)) == 3
    assert simulation.problems("held-back") == []


def test_a_body_of_11_mb(simulation: Simulation) -> None:
    good, text = (
        news(1),
        b"<item><title>Padding</title><description>" + b"words " * 2_000_000 + b"</description></item>",
    )
    assert poll(simulation, good.replace(b"</channel>", text + b"</channel>")) == {}
    assert simulation.reports[-1].problems[0].kind == "too-large"
    assert len(poll(simulation, good)) == 1


def test_a_json_feed_with_numeric_ids(simulation: Simulation) -> None:
    items = [{"id": n, "title": f"Number {n}", "content_text": f"The story number {n}."} for n in range(3)]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Numbers", "items": items}).encode()
    assert len(poll(simulation, body, "application/feed+json")) == 3
    assert len(poll(simulation, body.replace(b'"id": 1', b'"id": "1"'), "application/feed+json")) == 3


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<!doctype html><html><p>Please log in", "an HTML page, not a feed"),
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b'{"error": "busy"}', "not a JSON Feed"),
    ],
)
def test_a_200_that_is_not_a_feed(simulation: Simulation, body: bytes, message: str) -> None:
    """The response is reported as a problem. Known entries stay known."""
    before = poll(simulation, news(1, 2))
    assert poll(simulation, body, "text/html") == before
    assert message in simulation.reports[-1].problems[0].detail
    assert poll(simulation, news(1, 2, 3)).keys() > before.keys()
    assert simulation.reports[-1].known == 2


def test_relative_and_lazy_loaded_images(simulation: Simulation) -> None:
    text = '<p>Two pictures</p><img src="/a.jpg" alt="A"><img src="data:image/gif;base64,R0" data-src="b.jpg" alt="B">'
    (article,) = poll(simulation, rss(Item(link="https://example.org/news/7", guid="7", text=text))).values()
    assert b"![A](https://example.org/a.jpg)" in article
    assert b"![B](https://example.org/news/b.jpg)" in article
