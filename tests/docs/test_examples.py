"""Examples in the documentation are valid, and docs/configuration.md describes every key of feeds.toml."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from feedarchive.feeds import feeds_file
from feedarchive.feeds.feed import default_id
from feedarchive.feeds.starter import starter_feeds
from tests.docs.pages import PAGES, ROOT, code_blocks, code_spans, page_name

CONFIGURATION = ROOT / "docs" / "configuration.md"
FEEDS_FILES = [block for block in code_blocks(CONFIGURATION) if "[[feeds]]" in block]
KEYS = {
    "[archive]": feeds_file._ARCHIVE_KEYS,
    "[fetch]": feeds_file._FETCH_KEYS,
    "[pages]": feeds_file._PAGES_KEYS,
    "[defaults]": feeds_file._DEFAULTS_KEYS,
    "[[feeds]]": feeds_file._FEED_KEYS,
}


def test_there_are_examples_of_feeds_files() -> None:
    assert len(FEEDS_FILES) >= 3


@pytest.mark.parametrize("example", FEEDS_FILES)
def test_every_example_of_a_feeds_file_is_valid(example: str) -> None:
    assert feeds_file.parse_feeds_file(example, "an example").feeds


@pytest.mark.parametrize("heading", sorted(KEYS))
def test_the_configuration_describes_every_key_and_no_other(heading: str) -> None:
    text = CONFIGURATION.read_text(encoding="utf-8")
    section = re.split(r"^##+ ", text.partition(f"\n## {heading}\n")[2], maxsplit=1, flags=re.M)[0]
    rows = re.findall(r"^\| (`.+?) \|", section, re.M)
    assert {key for row in rows for key in re.findall(r"`(\w+)`", row)} == KEYS[heading]


def test_the_configuration_names_every_field_of_rules() -> None:
    section = CONFIGURATION.read_text(encoding="utf-8").partition("\n### keep and drop\n")[2].partition("\n#")[0]
    assert {field for field in feeds_file._RULE_FIELDS if f"`{field}`" in section} == feeds_file._RULE_FIELDS


def test_the_example_of_a_default_id_is_right() -> None:
    assert f"`{default_id('https://example.org/feed.xml')}`" in CONFIGURATION.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_inline_toml_of_feeds_is_valid(page: Path) -> None:
    for span in code_spans(page):
        if re.match(r"(headers|keep|drop|body|revisions|interval) = ", span):
            table = f'[[feeds]]\nurl = "https://example.org/feed.xml"\n{span}\n'
            assert feeds_file.parse_feeds_file(table, span).feeds


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_json_example_is_json(page: Path) -> None:
    for block in code_blocks(page):
        if block.startswith("{"):
            json.loads(block)


def test_the_starter_list_is_valid_and_says_where_its_keys_are_described() -> None:
    assert len(tomllib.loads(starter_feeds())["feeds"]) == 22
    assert "docs/configuration.md" in starter_feeds()
