"""Read a document: parse it, tell its entries apart, convert those that are not known. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from feedarchive.article.compose import EntrySource, compose
from feedarchive.document.model import Document, Entry, NotAFeed
from feedarchive.identity.article_id import entry_hash
from feedarchive.identity.site import site_folder
from feedarchive.markdown.plain_text import plain_line
from feedarchive.parsing.advertised_feeds import naming_feeds
from feedarchive.parsing.document_entries import MAX_ENTRIES, DocumentEntry, entry_source, rejection_for, unique_entries
from feedarchive.parsing.model import ParsedDocument, ParsedEntry, ParseRequest, RejectedEntry, bug_report
from feedarchive.parsing.skip_known import parsed
from feedarchive.text import shorten

_MAX_LABEL = 100


def parse_and_convert(request: ParseRequest) -> ParsedDocument | NotAFeed:
    """All of it at once, in this process."""
    parts = parse_in_parts(request)
    first = next(parts)
    if isinstance(first, ParsedDocument):
        return first.with_more(part for part in parts if not isinstance(part, ParsedDocument | NotAFeed))
    assert isinstance(first, NotAFeed)
    return first


def parse_in_parts(request: ParseRequest) -> Iterator[ParsedDocument | NotAFeed | ParsedEntry | RejectedEntry]:
    """First what is known of the whole document, then each entry of ``to_convert``, the document's last first.

    Feeds show the newest first: so files come in the order the articles came. One conversion that kills
    its process costs only itself, since all before it has been handed over.
    """
    found = parsed(request)
    if isinstance(found, NotAFeed):
        yield NotAFeed(found.reason + naming_feeds(request.body, request.url))
        return
    document = found.document
    firsts, others = unique_entries(found.shown)
    firsts.reverse()
    to_convert = [each for each in firsts if each.mark not in request.known]
    yield ParsedDocument(
        folder=site_folder(request.feed.site, request.feed.url, document.home_page),
        title=shorten(plain_line(document.title), _MAX_LABEL),
        home_page=document.home_page,
        damage=document.damage,
        intact=document.intact,
        known=(*found.known, *(each.mark for each in firsts if each.mark in request.known)),
        to_convert=tuple((each.mark, _called(each.entry, each.title)) for each in to_convert),
        refused=(*_not_looked_at(document), *(_second_wording(other) for other in others)),
        update_interval=document.update_interval,
        seals=_without_second_wordings(found.seals, others),
    )
    source = entry_source(document, request.feed, request.url)
    for each in to_convert:
        yield _read_entry(each, request, source)


def _read_entry(shown: DocumentEntry, request: ParseRequest, source: EntrySource) -> ParsedEntry | RejectedEntry:
    called = _called(shown.entry, shown.title)
    if reason := rejection_for(shown, request.feed):
        return RejectedEntry(called, *reason, shown.mark)
    try:
        article = compose(shown.entry, shown.title, shown.identity.link, source, shown.identity.id)
    except MemoryError:
        raise
    except Exception as bug:  # noqa: BLE001 - a bad entry never stops its feed, whatever is bad in it
        return RejectedEntry(called, "bug", bug_report(bug), shown.mark, again=True)
    return ParsedEntry(shown.mark, called, shown.identity, shown.title, article)


def _not_looked_at(document: Document) -> Iterator[RejectedEntry]:
    if last := document.cut_off:
        reason = "the document ends in or right after it, so it may be half an entry; the next whole document has it"
        yield RejectedEntry(_called(last, plain_line(last.title)), "cut-off", reason, entry_hash(last), again=True)
    reason = f"the document has more than {MAX_ENTRIES} entries"
    for entry in document.entries[MAX_ENTRIES:]:
        yield RejectedEntry(_called(entry, plain_line(entry.title)), "too-many", reason, "")


def _without_second_wordings(seals: Mapping[str, str], others: Iterable[DocumentEntry]) -> dict[str, str]:
    """They are to be named each time, together with what they are second to."""
    second = {other.mark for other in others}
    return {seal: line for seal, line in seals.items() if line.split()[0] not in second}


def _second_wording(other: DocumentEntry) -> RejectedEntry:
    reason = "the same document has this article in other words before it"
    return RejectedEntry(_called(other.entry, other.title), "second-wording", reason, "")  # alone, it is a revision


def _called(entry: Entry, title: str) -> str:
    return repr(shorten(title or entry.link or entry.guid or "untitled", _MAX_LABEL))
