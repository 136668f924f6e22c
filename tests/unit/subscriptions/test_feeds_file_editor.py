"""Editing feeds.toml changes what the user asked for and no other character."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedarchive.feeds.feed import default_id
from feedarchive.feeds.feeds_file import parse_feeds_file
from feedarchive.feeds.starter import starter_feeds
from feedarchive.subscriptions.errors import CannotEdit
from feedarchive.subscriptions.feeds_file_editor import (
    NewFeed,
    append_feeds,
    remove_feeds,
    set_archive_value,
)

HAND_WRITTEN = '''\
# my feeds   (do not touch)
[archive]
time_zone   =   "UTC"

# --- News ---

# the best one
[[feeds]]   # first
url = "https://a.example/feed"   # the feed
id = 'a'
drop = { title = "x" }
title = """
[[feeds]]
url = "not a feed"
"""
tags = [
  "one",   # [[feeds]]
  "two",
]

# --- Technology ---

[[feeds]]
id = "b"
url = "https://b.example/feed"
[feeds.keep]
title = "x"   # last of b
# a comment that ends the file's feeds

[fetch]
allow_private_addresses = true

[[feeds]]
url = "https://c.example/feed"
id = "c"
'''
WITHOUT_A = HAND_WRITTEN[: HAND_WRITTEN.index("[[feeds]]   # first")] + HAND_WRITTEN[
    HAND_WRITTEN.index("\n# --- Technology") :
]  # fmt: skip


def ids(text: str) -> list[str]:
    return [feed.id for feed in parse_feeds_file(text, "feeds.toml").feeds]


def test_a_feed_is_appended_and_nothing_else_changes() -> None:
    new = NewFeed("https://d.example/?a=1&b=2", "d", 'A "quoted" \\ title', "https://d.example/", ("x", "ÿ y"))
    edited = append_feeds(HAND_WRITTEN, [new])
    assert edited == HAND_WRITTEN + (
        '\n[[feeds]]\nurl = "https://d.example/?a=1&b=2"\nid = "d"\ntitle = "A \\"quoted\\" \\\\ title"\n'
        'home_page = "https://d.example/"\ntags = ["x", "ÿ y"]\n'
    )
    assert ids(edited) == ["a", "b", "c", "d"]


def test_a_file_without_a_last_newline_and_an_empty_one() -> None:
    assert append_feeds('[archive]\ncontact = "x"', [NewFeed("https://d.example/")]) == (
        '[archive]\ncontact = "x"\n\n[[feeds]]\nurl = "https://d.example/"\n'
    )
    assert append_feeds("", [NewFeed("https://d.example/")]) == '[[feeds]]\nurl = "https://d.example/"\n'
    assert append_feeds("# mine\n", []) == "# mine\n"


def test_the_newlines_of_windows_stay() -> None:
    edited = append_feeds(HAND_WRITTEN.replace("\n", "\r\n"), [NewFeed("https://d.example/", "d")])
    assert edited.count("\n") == edited.count("\r\n")
    assert remove_feeds(edited, {"d"}) == HAND_WRITTEN.replace("\n", "\r\n")


def test_a_removed_feed_takes_no_comment_of_its_neighbours_with_it() -> None:
    assert remove_feeds(HAND_WRITTEN, {"a"}) == WITHOUT_A
    for comment in ("# my feeds", "# --- News ---", "# the best one", "# --- Technology ---", "# last of b"):
        assert comment in WITHOUT_A


def test_sub_tables_and_parts_in_other_places_go_too() -> None:
    edited = remove_feeds(HAND_WRITTEN, {"b", "c"})
    assert ids(edited) == ["a"]
    assert "last of b" not in edited
    assert "# a comment that ends the file's feeds" in edited
    assert edited.endswith("allow_private_addresses = true\n")
    scattered = '[[feeds]]\nurl = "https://a.example/"\n[fetch]\nproxy = "environment"\n[feeds.drop]\ntitle = "x"\n'
    assert remove_feeds(scattered, [default_id("https://a.example/")]) == '[fetch]\nproxy = "environment"\n'


def test_the_last_feed_leaves_a_file_that_is_empty_on_purpose() -> None:
    edited = remove_feeds('# mine\n[[feeds]]\nurl = "https://a.example/"\nid = "a"\n', {"a"})
    assert edited == "# mine\n\n[archive]\n"
    assert ids(edited) == []


@pytest.mark.parametrize("number", range(len(parse_feeds_file(starter_feeds(), "").feeds)))
def test_any_feed_of_the_starter_list_can_be_removed(number: int) -> None:
    before = parse_feeds_file(starter_feeds(), "").feeds
    edited = remove_feeds(starter_feeds(), {before[number].id})
    assert parse_feeds_file(edited, "").feeds == before[:number] + before[number + 1 :]
    lost = [line for line in starter_feeds().splitlines() if line.startswith("#") and line not in edited]
    assert lost == []


@pytest.mark.parametrize("text", ['feeds = [{ url = "https://a.example/" }]\n', "feeds = []\n"])
def test_feeds_that_are_one_list_are_refused(text: str) -> None:
    with pytest.raises(CannotEdit, match="the feeds are in a list"):
        append_feeds(text, [NewFeed("https://b.example/")])
    with pytest.raises(CannotEdit, match="the feeds are in a list"):
        remove_feeds(text, {"a"})


def test_an_edit_that_would_not_say_what_was_asked_for_is_refused() -> None:
    with pytest.raises(CannotEdit, match="unusual layout, so this program cannot edit it: edit it by hand"):
        append_feeds(HAND_WRITTEN, [NewFeed("https://b.example/", id="a\0b")])


def test_a_value_is_written_into_the_table_of_the_archive() -> None:
    edited = set_archive_value(HAND_WRITTEN, "contact", "https://example.org/me")
    assert edited == HAND_WRITTEN.replace("[archive]\n", '[archive]\ncontact = "https://example.org/me"\n')
    assert set_archive_value("[fetch]\n", "contact", "x") == '[archive]\ncontact = "x"\n\n[fetch]\n'
    assert parse_feeds_file(set_archive_value(starter_feeds(), "contact", "x"), "").contact == "x"


comments = st.text("abc []#='\"\\{}", max_size=20).map("# {}".format)
values = st.sampled_from(
    [
        'tags = ["a", "b"]',
        "title = '''\n[[feeds]]\n'''",
        'title = """a\\"""" # x',
        'drop = { title = "#[" }',
        'tags = ["""a"""", "[", "b"]',
        "",
    ]
)
blocks = st.lists(st.tuples(comments, values, st.sampled_from(["", "\n", "\n\n", "\n# x\n"])), min_size=1, max_size=5)


@given(blocks, st.data())
def test_adding_and_removing_again_gives_the_same_text(
    written: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    text = "".join(
        f'{comment}\n[[feeds]]\nurl = "https://f{number}.example/"\nid = "f{number}"\n{value}\n{space}'
        for number, (comment, value, space) in enumerate(written)
    )
    added = append_feeds(text, [NewFeed("https://new.example/", "new")])
    assert added.startswith(text)
    assert remove_feeds(added, {"new"}) == text
    gone = data.draw(st.integers(0, len(written) - 1))
    edited = remove_feeds(text, {f"f{gone}"})
    kept = [table for number, table in enumerate(tomllib.loads(text)["feeds"]) if number != gone]
    assert tomllib.loads(edited).get("feeds", []) == kept
    assert [c for c, _, _ in written if c not in edited] == []
