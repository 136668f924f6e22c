"""No document stops or kills the run: one that exceeds its limits is reported, and the next one is parsed as usual.

The failures are real: endless code inside C, endless memory, a crash. A ``sitecustomize`` module, which the interpreter
of the parser process imports first, adds them.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from feedarchive.document.model import NotAFeed
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import LimitExceeded, ParsedDocument, ParseRequest
from feedarchive.parsing.pool import ParserFailed, ParserPool
from feedarchive.parsing.protocol import Limits
from feedarchive.problems import EntryRejection
from tests.harness.feed_documents import FEED, Item, rss

LIMITS = Limits(document=0.5, entry=0.125, memory=100 * 2**20)
GOOD = rss(Item("Good", guid="1"))
FAILURES = """
import os, re, time
from feedarchive.parsing import convert_document, skip_known

_compose, _decode = convert_document.compose, skip_known.decode

def fail(how):
    if "from outside" in how and not os.path.exists(KILLED_ONCE + how[-1]):
        open(KILLED_ONCE + how[-1], "w").close()
        os.kill(os.getpid(), 9)
    if "again and again" in how:
        os.kill(os.getpid(), 9)
    if "slow" in how:
        started = time.process_time()
        while time.process_time() - started < 0.03:
            sum(range(1000))
    if "hang" in how:
        re.match("(a+)+$", "a" * 64 + "!")  # one call of C code that takes years
    if "memory" in how:
        [bytearray(2**28) for _ in range(40)]  # The first one fails at once: smaller ones would need CPU time.
    if "crash" in how:
        os.abort()
    if "bug" in how:
        raise LookupError("a bug")

def compose(entry, title, *rest):
    fail(title)
    return _compose(entry, title, *rest)

def decode(body, content_type):
    fail(content_type)
    return _decode(body, content_type)

convert_document.compose, skip_known.decode = compose, decode
"""
OLD = """
import time

_own = time.process_time
time.process_time = lambda: _own() + 60
"""


@pytest.fixture(scope="module")
def parsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ParserPool]:
    """A pool of one parser process, which fails at some titles and content types. Shared, because it starts slowly."""
    folder, one = tmp_path_factory.mktemp("failures"), ParserPool(1, LIMITS)
    (folder / "sitecustomize.py").write_text(f"KILLED_ONCE = {str(folder / 'killed')!r}\n{FAILURES}")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield one
        one.close()


def request(body: bytes, content_type: str = "") -> ParseRequest:
    return ParseRequest(body, FEED, content_type, Feed(FEED, "feed"))


def child_processes() -> list[int]:
    """The parser processes that this process has started."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return [c for c in found if b"feedarchive.parsing" in Path(f"/proc/{c}/cmdline").read_bytes()]


def test_the_parser_process_returns_what_parsing_in_this_process_returns(parsers: ParserPool) -> None:
    for body in (GOOD, rss(*(Item(f"Article {n}", guid=str(n)) for n in range(50))), b"<html/>", b""):
        assert parsers.parse(request(body)) == parse_and_convert(request(body))


def test_a_document_that_exceeds_its_limits_is_reported_and_the_next_one_is_parsed(parsers: ParserPool) -> None:
    for how in ("hang", "memory", "crash"):
        exceeded = parsers.parse(request(GOOD, how))
        assert isinstance(exceeded, LimitExceeded), how
        assert "100 MiB of memory" in exceeded.reason
        assert parsers.parse(request(GOOD)) == parse_and_convert(request(GOOD))


def test_an_entry_that_exceeds_its_limits_is_the_only_one_lost(parsers: ParserPool) -> None:
    for how in ("hang", "memory", "crash"):
        body = rss(*(Item(how if n == 7 else f"Article {n}", guid=str(n)) for n in range(20)))
        document = parsers.parse(request(body))
        assert isinstance(document, ParsedDocument)
        assert [rejected.kind for rejected in document.rejected] == ["too-hard"]
        (rejected,) = document.rejected
        assert (rejected.label, rejected.retry) == (f"'{how}'", False)
        assert how != "memory" or rejected.reason == "converting it takes more than 100 MiB of memory"
        complete = parse_and_convert(request(body))
        assert isinstance(complete, ParsedDocument)
        others = {each.entry_hash: each for each in complete.candidates if each.title != how}
        assert {each.entry_hash: each for each in document.candidates} == others


@pytest.mark.usefixtures("parsers")
def test_an_entry_is_ended_at_its_own_limit_and_not_at_that_of_its_document() -> None:
    patient, before = ParserPool(1, replace(LIMITS, document=8)), _cpu_of_ended_children()
    document = patient.parse(request(rss(Item("hang", guid="1"), Item("Good", guid="2"))))
    patient.close()
    assert isinstance(document, ParsedDocument)
    assert [article.title for article in document.candidates] == ["Good"]
    assert _cpu_of_ended_children() - before < 4  # seconds; the starts of two processes are included


def _cpu_of_ended_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def test_a_document_of_such_entries_ends_in_time_and_every_entry_is_reported(parsers: ParserPool) -> None:
    body = rss(*(Item(f"hang {n}", guid=str(n)) for n in range(9)), Item("Good", guid="good"))
    document = parsers.parse(request(body))
    assert isinstance(document, ParsedDocument)
    assert [article.title for article in document.candidates] == ["Good"]
    kinds = [rejected.kind for rejected in document.rejected]
    assert len(kinds) == 9
    assert 1 <= kinds.count(EntryRejection.TOO_HARD) <= LIMITS.document / LIMITS.entry
    assert {rejected.kind for rejected in document.rejected if rejected.retry} == {"too-slow"}
    assert len({rejected.label for rejected in document.rejected}) == 9


def test_a_bug_is_reported_as_one(parsers: ParserPool) -> None:
    with pytest.raises(ParserFailed, match="a bug"):
        parsers.parse(request(GOOD, "bug"))
    assert isinstance(parsers.parse(request(GOOD)), ParsedDocument)


def test_a_process_that_was_killed_between_two_documents_is_replaced(parsers: ParserPool) -> None:
    assert isinstance(parsers.parse(request(b"")), NotAFeed)
    for child in child_processes():
        os.kill(child, 9)
    assert parsers.parse(request(GOOD)) == parse_and_convert(request(GOOD))


@pytest.mark.parametrize("where", ["document", "entry"])
def test_a_process_killed_from_outside_costs_no_entry(parsers: ParserPool, where: str) -> None:
    """The kernel kills a process when memory is short. That is not the fault of the document being parsed."""
    title, content_type = ("from outside 1", "") if where == "entry" else ("Good", "from outside 2")
    body = rss(*(Item(title if n == 7 else f"Article {n}", guid=str(n)) for n in range(20)))
    assert parsers.parse(request(body, content_type)) == parse_and_convert(request(body))


def test_an_entry_whose_process_is_killed_again_and_again_is_left_to_the_next_poll(parsers: ParserPool) -> None:
    body = rss(*(Item("again and again" if n == 7 else f"Article {n}", guid=str(n)) for n in range(20)))
    document = parsers.parse(request(body))
    assert isinstance(document, ParsedDocument)
    assert len(document.candidates) == 19
    assert [(rejected.label, rejected.retry) for rejected in document.rejected] == [("'again and again'", True)]


def test_cpu_time_of_earlier_documents_costs_no_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For earlier documents, the parser process has used more CPU time than one document may use."""
    (tmp_path / "sitecustomize.py").write_text(OLD)
    monkeypatch.syspath_prepend(tmp_path)
    parsers, body = ParserPool(1, LIMITS), rss(*(Item(f"Article {n}", guid=str(n)) for n in range(20)))
    assert parsers.parse(request(body)) == parse_and_convert(request(body))
    parsers.close()


@pytest.mark.usefixtures("parsers")
def test_a_long_document_loses_no_entry_when_its_time_is_used_up() -> None:
    """Each entry is fast enough, but all entries together are too slow. The next polls convert the rest."""
    body, known, polls = rss(*(Item(f"slow {n}", guid=str(n)) for n in range(12))), set[str](), 0
    hurried = ParserPool(1, replace(LIMITS, document=0.15, send_interval=0.03))
    while len(known) < 12:
        polls += 1
        document = hurried.parse(replace(request(body), known=frozenset(known)))
        assert isinstance(document, ParsedDocument)
        assert document.candidates
        assert {(each.kind, each.retry) for each in document.rejected} <= {(EntryRejection.TOO_SLOW, True)}
        known |= {each.entry_hash for each in document.candidates}
        assert len(known) + len(document.rejected) == 12
    assert polls >= 3
    hurried.close()


def test_a_reference_to_a_control_character_costs_no_article() -> None:
    """The reference becomes a character when the HTML is parsed, after control characters have been looked for."""
    for written, expected in (("See you&#11; soon - bye.", "See you soon - bye."), ("a&#1;b", "ab")):
        document = parse_and_convert(request(rss(Item("One", guid="1", text=f"<p>{written}</p>"))))
        assert isinstance(document, ParsedDocument)
        assert [article.article.body for article in document.candidates] == [expected]
