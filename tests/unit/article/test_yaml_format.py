"""YAML of front matter: every parser reads the same values, and no value can end the front matter."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from feedarchive.article.yaml_format import body_of, format_markdown, parse_front_matter
from feedarchive.text import one_line
from tests.unit.article.difficult_titles import TITLES

DAY = date(2025, 12, 25)


def head_of(file_text: str) -> str:
    match = re.match(r"---\n(.*?\n)---\n", file_text, re.DOTALL)
    assert match
    return match.group(1)


def loaded_by_yaml_1_1(file_text: str) -> Any:
    return yaml.load(head_of(file_text), Loader=yaml.SafeLoader)


def loaded_by_yaml_1_2(file_text: str) -> Any:
    reader = YAML(typ="safe", pure=True)
    assert reader.version is None  # the default is YAML 1.2
    return reader.load(io.StringIO(head_of(file_text)))


def assert_all_parse(fields: dict[str, Any], body: str = "body") -> None:
    written = format_markdown(fields, body)
    assert loaded_by_yaml_1_1(written) == fields
    assert loaded_by_yaml_1_2(written) == fields
    assert parse_front_matter(written) == fields
    assert list(parse_front_matter(written)) == list(fields)


@pytest.mark.parametrize("title", TITLES)
def test_every_parser_reads_difficult_titles(title: str) -> None:
    clean = one_line(title)
    assert_all_parse({"title": clean, "date": DAY, "draft": False, "tags": [clean, "x", clean]})


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(), st.lists(st.text(), max_size=3), st.booleans(), st.dates(date(1970, 1, 1), date(2200, 1, 1)))
@example("\U0001f384\\\U0001f384\\\\\U0001f384", ["\\U0001F384"], True, DAY)
@example("\U000fffff\U0010fffd\U0010ffff\U000e0041", ["\ufffd\ufdd0\ue000"], False, DAY)
def test_every_parser_reads_any_text_unchanged(text: str, several: list[str], flag: bool, day: date) -> None:
    fields = {"title": one_line(text), "date": day, "draft": flag, "n": 3, "tags": [one_line(t) for t in several]}
    assert_all_parse(fields)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(alphabet=st.sampled_from("\\\"'U0001F384 xnu🎄\u2028\u0085:#-{}[],&*!|>%@`"), max_size=30))
def test_every_parser_reads_quotes_backslashes_and_escape_sequences(text: str) -> None:
    assert_all_parse({"title": one_line(text), "tags": [one_line(text)]})


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text())
def test_strings_are_double_quoted_on_one_line(text: str) -> None:
    head = head_of(format_markdown({"title": one_line(text), "date": DAY, "draft": False}, ""))
    title, *rest = head.split("\n")
    assert re.fullmatch(r'title: "(?:[^"\\]|\\.)*"', title)
    assert rest == ["date: 2025-12-25", "draft: false", ""]


def test_a_file_looks_as_the_format_says() -> None:
    fields: dict[str, Any] = {
        "title": 'A "title": 🎄 Übergröße',
        "date": DAY,
        "image": "",
        "draft": False,
        "tags": ["a", "b: c"],
    }
    assert format_markdown(fields, "Body") == (
        '---\ntitle: "A \\"title\\": 🎄 Übergröße"\ndate: 2025-12-25\nimage: ""\ndraft: false\ntags: ["a", "b: c"]\n'
        "---\nBody\n"
    )


def test_long_values_are_not_folded() -> None:
    head = head_of(format_markdown({"title": "word " * 5_000, "tags": ["some words"] * 1_000}, ""))
    assert head.count("\n") == 2


@pytest.mark.parametrize(
    "body",
    ["Body", "", "---\ntitle: other\n---\n\nBody", "a\n---\nb: c\n---", "+++\nx = 1\n+++", "\n\n---\n", "...", "🎄"],
)
def test_head_and_body_come_apart_again(body: str) -> None:
    fields: dict[str, Any] = {"title": "---", "description": "a --- b", "tags": ["---"]}
    written = format_markdown(fields, body)
    assert written.endswith("\n")
    assert parse_front_matter(written) == fields
    assert body_of(written) == (f"{body}\n" if body else "")


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(), st.text())
def test_head_and_body_come_apart_again_for_any_text(title: str, body: str) -> None:
    written = format_markdown({"title": one_line(title)}, body)
    assert parse_front_matter(written) == {"title": one_line(title)}
    assert body_of(written) == (f"{body}\n" if body else "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no front matter",
        "---\n",
        "---\nunclosed: true\n",
        "---\n---\n",
        "---\n- a list\n---\nx",
        "---\na word\n---\nx",
        '---\nbroken: "\n---\nx',
        "---\na: b: c\n---\nx",
        "---\n!!python/object/apply:os.system [id]\n---\nx",
        "--- \na: b\n---\n",
        "\n---\na: b\n---\n",
    ],
)
def test_a_file_without_readable_front_matter_has_no_fields(text: str) -> None:
    assert parse_front_matter(text) == {}


def test_a_file_without_front_matter_is_all_body() -> None:
    assert body_of("just text\n") == "just text\n"
    assert body_of("---\nunclosed: true\n") == "---\nunclosed: true\n"
