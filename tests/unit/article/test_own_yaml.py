"""The parser for the program's own front matter returns the same as a YAML parser, or None for any other form."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from feedarchive.article.own_yaml import parse_own_yaml
from feedarchive.article.yaml_format import format_markdown, parse_front_matter

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_VALUES = st.one_of(
    _TEXTS, st.lists(_TEXTS, max_size=3), st.booleans(), st.integers(0, 10**17), st.dates(date(1000, 1, 1))
)


@given(st.dictionaries(st.sampled_from(["title", "tags", "date", "draft", "published_claimed"]), _VALUES, min_size=1))
def test_what_this_program_writes_is_parsed_as_yaml_does(
    fields: dict[str, str | int | bool | date | list[str]],
) -> None:
    text = format_markdown(fields, "")
    head = text[len("---\n") : -len("---\n")]
    expected = yaml.safe_load(head)
    assert parse_own_yaml(head) in (expected, None)
    assert parse_front_matter(text) == expected


_PIECES = st.sampled_from([
    '"', "'", "\\", "\\n", "\\x41", ": ", "- ", "# ", " #", "[", "]", ", ", "{", "}", "\n", "\r", "\t", "\x85",
    "\u2028",
    "\ufeff", "\x00", "a", "title", "0", "01", "0x1", "1e3", "2025-12-25", "2025-02-30", "true", "yes", "null", "~",
    "&a", "*a", "!!str", "%", "|", ">", "---", "é", "🙂", '"x"', ': "x"\n', "title: ",
])  # fmt: skip


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_any_other_text_is_parsed_as_yaml_does_or_not_at_all(head: str) -> None:
    found = parse_own_yaml(head + "\n")
    if found:
        assert found == yaml.safe_load(head + "\n")


@pytest.mark.parametrize(
    "head",
    ["title: plain\n", "title: 'x'\n", 'title: "\\x41"\n', "date: 2025-02-30\n", 'title: "x" # note\n', "n: 010\n"],
)
def test_other_forms_of_yaml_are_left_to_the_yaml_parser(head: str) -> None:
    assert parse_own_yaml(head) is None
