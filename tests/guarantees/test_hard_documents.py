"""No document holds or kills its reader: what is too hard is named, and the next document is read as ever.

The killers are real: code that never ends inside C, memory that never ends, a crash. They are put into the
reading process by a module that its interpreter imports first.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from feedarchive.document.model import NotAFeed
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import LimitExceeded, ParsedDocument, ParseRequest
from feedarchive.parsing.pool import ParserFailed, ParserPool
from feedarchive.parsing.protocol import Limits
from press import FEED, Item, rss

LIMITS = Limits(document=2, entry=0.5, memory=200 * 2**20)
GOOD = rss(Item("Good", guid="1"))
KILLERS = """
import os, re
from feedarchive.parsing import convert_document as read, skip_known as shortened

_compose, _parse = read.compose, shortened.parse_document

def kill(how):
    if "from outside" in how and not os.path.exists(KILLED + how[-1]):
        open(KILLED + how[-1], "w").close()
        os.kill(os.getpid(), 9)
    if "again and again" in how:
        os.kill(os.getpid(), 9)
    if "hang" in how:
        re.match("(a+)+$", "a" * 64 + "!")  # one call of C code, for years
    if "memory" in how:
        [bytearray(2**20) for _ in range(10_000)]
    if "crash" in how:
        os.abort()
    if "bug" in how:
        raise LookupError("a bug")

def compose(entry, title, *rest):
    kill(title)
    return _compose(entry, title, *rest)

def parse(body, url, content_type):
    kill(content_type)
    return _parse(body, url, content_type)

read.compose, shortened.parse_document = compose, parse
"""

AHEAD = """
import time

_own = time.process_time
while _own() < 2.5:
    sum(range(10_000))
time.process_time = lambda: _own() - 2
"""


@pytest.fixture
def readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ParserPool]:
    """One reading process that documents can kill by what they are called."""
    (tmp_path / "sitecustomize.py").write_text(f"KILLED = {str(tmp_path / 'killed')!r}\n{KILLERS}")
    monkeypatch.syspath_prepend(tmp_path)
    one = ParserPool(1, LIMITS)
    yield one
    one.close()


def request(body: bytes, content_type: str = "") -> ParseRequest:
    return ParseRequest(body, FEED, content_type, Feed(FEED, "feed"))


def test_what_is_read_elsewhere_is_what_is_read_here(readers: ParserPool) -> None:
    for body in (GOOD, rss(*(Item(f"Article {n}", guid=str(n)) for n in range(50))), b"<html/>", b""):
        assert readers.read(request(body)) == parse_and_convert(request(body))


@pytest.mark.parametrize("how", ["hang", "memory", "crash"])
def test_a_document_that_is_too_hard_is_named_and_the_next_one_is_read(readers: ParserPool, how: str) -> None:
    too_hard = readers.read(request(GOOD, how))
    assert isinstance(too_hard, LimitExceeded)
    assert "200 MiB of memory" in too_hard.reason
    assert readers.read(request(GOOD)) == parse_and_convert(request(GOOD))


@pytest.mark.parametrize("how", ["hang", "memory", "crash"])
def test_an_entry_that_is_too_hard_costs_only_itself(readers: ParserPool, how: str) -> None:
    body = rss(*(Item(how if n == 7 else f"Article {n}", guid=str(n)) for n in range(20)))
    reading = readers.read(request(body))
    assert isinstance(reading, ParsedDocument)
    assert [refused.kind for refused in reading.refused] == ["too-hard"]
    (killer,) = reading.refused
    assert (killer.called, killer.again) == (f"'{how}'", False)
    whole = parse_and_convert(request(body))
    assert isinstance(whole, ParsedDocument)
    assert {a.mark: a for a in reading.articles} == {a.mark: a for a in whole.articles if a.title != how}


def test_a_document_of_killers_ends_in_its_time_and_names_every_entry(readers: ParserPool) -> None:
    body = rss(*(Item(f"hang {n}", guid=str(n)) for n in range(9)), Item("Good", guid="good"))
    reading = readers.read(request(body))
    assert isinstance(reading, ParsedDocument)
    assert [article.title for article in reading.articles] == ["Good"]
    kinds = [refused.kind for refused in reading.refused]
    assert len(kinds) == 9
    assert 1 <= kinds.count("too-hard") <= LIMITS.document / LIMITS.entry
    assert {refused.kind for refused in reading.refused if refused.again} == {"too-slow"}
    assert len({refused.called for refused in reading.refused}) == 9


def test_a_bug_is_told_as_one(readers: ParserPool) -> None:
    with pytest.raises(ParserFailed, match="a bug"):
        readers.read(request(GOOD, "bug"))
    assert isinstance(readers.read(request(GOOD)), ParsedDocument)


def test_a_process_that_was_killed_between_two_documents_is_replaced(readers: ParserPool) -> None:
    assert isinstance(readers.read(request(b"")), NotAFeed)
    for child in _children():
        os.kill(child, 9)
    assert readers.read(request(GOOD)) == parse_and_convert(request(GOOD))


@pytest.mark.parametrize("where", ["document", "entry"])
def test_a_process_that_was_killed_from_outside_costs_no_entry(readers: ParserPool, where: str) -> None:
    """As by a system that is short of memory: it happens to whoever is being read."""
    title, content_type = ("from outside 1", "") if where == "entry" else ("Good", "from outside 2")
    body = rss(*(Item(title if n == 7 else f"Article {n}", guid=str(n)) for n in range(20)))
    assert readers.read(request(body, content_type)) == parse_and_convert(request(body))


def test_an_entry_that_is_killed_from_outside_again_and_again_is_left_to_the_next_poll(readers: ParserPool) -> None:
    body = rss(*(Item("again and again" if n == 7 else f"Article {n}", guid=str(n)) for n in range(20)))
    reading = readers.read(request(body))
    assert isinstance(reading, ParsedDocument)
    assert len(reading.articles) == 19
    assert [(refused.called, refused.again) for refused in reading.refused] == [("'again and again'", True)]


def test_the_age_of_a_process_costs_no_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's count of CPU time runs ahead of the process's own, by seconds after minutes on a busy machine."""
    (tmp_path / "sitecustomize.py").write_text(AHEAD)
    monkeypatch.syspath_prepend(tmp_path)
    readers, body = ParserPool(1, LIMITS), rss(*(Item(f"Article {n}", guid=str(n)) for n in range(20)))
    assert readers.read(request(body)) == parse_and_convert(request(body))
    readers.close()


def test_no_secret_of_the_environment_reaches_the_process(readers: ParserPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    readers.read(request(GOOD))
    seen = [Path(f"/proc/{child}/environ").read_bytes() for child in _children()]
    assert seen
    assert not any(b"AWS_" in environment for environment in seen)


def test_closed_readers_leave_no_process_and_start_again(readers: ParserPool) -> None:
    two, before = ParserPool(2, LIMITS), _children()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(two.read, [request(GOOD)] * 8))
    two.close()
    assert _children() == before
    assert isinstance(two.read(request(GOOD)), ParsedDocument)
    two.close()


def _children() -> list[int]:
    """The reading processes this process has started."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return [c for c in found if b"feedarchive.parsing" in Path(f"/proc/{c}/cmdline").read_bytes()]


def test_a_reference_to_a_control_character_costs_no_article() -> None:
    """It is a character only when the HTML is read, after all that looks at the document's characters."""
    for written, shown in (("See you&#11; soon - bye.", "See you soon - bye."), ("a&#1;b", "ab")):
        reading = parse_and_convert(request(rss(Item("One", guid="1", text=f"<p>{written}</p>"))))
        assert isinstance(reading, ParsedDocument)
        assert [article.article.body for article in reading.articles] == [shown]


def test_an_inherited_limit_on_cpu_time_costs_no_entry(readers: ParserPool) -> None:
    """``ulimit -S -t`` is for the command, not for each process that it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (7777, hard))
    try:
        readers.read(request(GOOD))
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
    limits = [Path(f"/proc/{child}/limits").read_text() for child in _children()]
    assert limits
    assert not any("7777" in each for each in limits)
