"""Checking a feeds file: every mistake is reported with its line."""

from __future__ import annotations

from feedarchive.subscriptions.feeds_file_check import check_feeds_file

INVALID = """\
[archive]
timezone = "UTC"

[[feeds]]
url = "https://a.example/"
intervall = "1 h"

[[feeds]]
url = "https://b.example/"

[[feeds]]
url = "nowhere"
"""


def problems(text: str) -> tuple[str, ...]:
    return check_feeds_file(text, "feeds.toml").problems


def test_a_valid_file_has_no_problems() -> None:
    found = check_feeds_file('[[feeds]]\nurl = "https://a.example/"\n', "feeds.toml")
    assert found.feeds is not None
    assert (len(found.feeds.feeds), found.problems, found.warnings) == (1, (), ())


def test_every_mistake_is_reported_with_its_line() -> None:
    first, second, third = problems(INVALID)
    assert first.startswith("feeds.toml: line 4: feed number 1 (https://a.example/): unknown key 'intervall'; did")
    assert second.startswith("feeds.toml: line 11: feed number 3: url: expected ")
    assert third.startswith("feeds.toml: line 1: archive: unknown key 'timezone'; did you mean time_zone?")


def test_invalid_toml_is_reported_with_its_line() -> None:
    assert problems('[[feeds]]\nurl = "https://a.example/\n') == (
        "feeds.toml: line 2: url: text in quotes must end with a quote, on the same line",
    )
    assert problems("") == (
        'feeds.toml: feeds: expected at least one feed: add [[feeds]] and, below it, url = "https://…"',
    )


def test_the_same_url_twice_is_a_mistake_and_another_spelling_a_warning() -> None:
    feed = '[[feeds]]\nurl = "https://a.example/feed"\n'
    (problem,) = problems(feed + feed)
    assert "feeds number 1 and 2 (https://a.example/feed) have the same URL" in problem
    found = check_feeds_file(feed + '[[feeds]]\nurl = "https://www.a.example/feed/"\n', "feeds.toml")
    assert found.warnings == (
        "feeds.toml: line 3: https://www.a.example/feed/ may be the same feed as https://a.example/feed",
    )


def test_many_mistakes_in_a_large_file_take_little_time() -> None:
    text = "".join(f'[[feeds]]\nurl = "https://f{n}.example/"\nx = {n}\n' for n in range(2000))
    assert len(problems(text)) == 50
