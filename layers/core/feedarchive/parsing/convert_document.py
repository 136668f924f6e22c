"""Convert a feed document: parse it, identify its entries, and make articles of the entries that are new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from feedarchive.article.compose import EntrySource, compose
from feedarchive.document.model import Document, NotAFeed
from feedarchive.feeds.feed import Feed
from feedarchive.identity.article_id import entry_hash
from feedarchive.identity.site import site_folder
from feedarchive.markdown.visible_text import plain_line
from feedarchive.parsing.advertised_feeds import advertised_feeds
from feedarchive.parsing.document_entries import (
    MAX_ENTRIES,
    MAX_LABEL,
    DocumentEntry,
    OtherVersion,
    entry_source,
    label_of,
    rejection_for,
    unique_entries,
)
from feedarchive.parsing.known_entry import KnownEntry
from feedarchive.parsing.mask_secrets import mask_secrets
from feedarchive.parsing.model import (
    Candidate,
    ParsedDocument,
    ParseRequest,
    RejectedEntry,
    UnconvertedEntry,
    bug_report,
)
from feedarchive.parsing.skip_known import parse_entries
from feedarchive.problems import EntryRejection
from feedarchive.text import shorten
from feedarchive.url_secrets import public_url


def parse_and_convert(request: ParseRequest) -> ParsedDocument | NotAFeed:
    """Parse and convert a whole document in the current process."""
    parts = parse_in_parts(request)
    first = next(parts)
    if isinstance(first, ParsedDocument):
        return first.with_more(part for part in parts if not isinstance(part, ParsedDocument | NotAFeed))
    assert isinstance(first, NotAFeed)
    return first


def parse_in_parts(request: ParseRequest) -> Iterator[ParsedDocument | NotAFeed | Candidate | RejectedEntry]:
    """Parse a document. Yield a ParsedDocument without candidates, then one result for each entry in ``to_convert``.

    If the document is not a feed, only a NotAFeed is yielded.

    The entries are converted from last to first. The last one is usually the oldest, which must be archived first.
    """
    for part in _parts(request):
        yield mask_secrets(part, request.secrets)


def _parts(request: ParseRequest) -> Iterator[ParsedDocument | NotAFeed | Candidate | RejectedEntry]:
    parsed = parse_entries(request)
    if isinstance(parsed, NotAFeed):
        yield replace(parsed, advertised_feeds=tuple(map(public_url, advertised_feeds(request.body, request.url))))
        return
    document = parsed.document
    firsts, others = unique_entries(parsed.entries)
    firsts.reverse()
    to_convert = [each for each in firsts if each.entry_hash not in request.known]
    yield ParsedDocument(
        title=shorten(plain_line(document.title), MAX_LABEL),
        home_page=document.home_page,
        damage=document.damage,
        intact=document.intact,
        known=(*parsed.known, *(each.entry_hash for each in firsts if each.entry_hash in request.known)),
        to_convert=tuple(UnconvertedEntry(each.entry_hash, each.label) for each in to_convert),
        rejected=(*_rejections_without_conversion(document), *map(_reject_other_version, others)),
        update_interval=document.update_interval,
        entries_by_xml=_without([other.entry for other in others], parsed.entries_by_xml),
    )
    source = entry_source(document, request.feed, request.url)
    folder = site_folder(request.feed.site, request.feed.url, document.home_page)
    for each in to_convert:
        yield _convert(each, request.feed, folder, source)


def _convert(entry: DocumentEntry, feed: Feed, folder: str, source: EntrySource) -> Candidate | RejectedEntry:
    label = entry.label
    if rejection := rejection_for(entry, feed):
        return RejectedEntry(label, *rejection, entry.entry_hash)
    try:
        article = compose(entry.entry, entry.title, entry.identity.link, source, entry.identity.id, entry.text)
    except MemoryError:
        raise
    except Exception as bug:  # noqa: BLE001 - one bad entry must not stop its feed
        return RejectedEntry(label, EntryRejection.BUG, bug_report(bug), entry.entry_hash, retry=True)
    return Candidate(entry.entry_hash, label, entry.identity, entry.title, feed.id, folder, article, feed.former_id)


def _rejections_without_conversion(document: Document) -> Iterator[RejectedEntry]:
    if last := document.cut_off:
        label = label_of(last, plain_line(last.title))
        reason = "the document is cut off near this entry, which may be incomplete; a later poll reads the entry again"
        yield RejectedEntry(label, EntryRejection.CUT_OFF, reason, entry_hash(last), retry=True)
    reason = f"the document has more than {MAX_ENTRIES} entries"
    for entry in document.entries[MAX_ENTRIES:]:
        yield RejectedEntry(label_of(entry, plain_line(entry.title)), EntryRejection.TOO_MANY, reason, "")


def _without(entries: Iterable[DocumentEntry], by_xml: Mapping[str, KnownEntry]) -> dict[str, KnownEntry]:
    """Return ``by_xml`` without ``entries``, so that the next poll reports these entries again."""
    left_out = {each.entry_hash for each in entries}
    return {xml_hash: known for xml_hash, known in by_xml.items() if known.entry_hash not in left_out}


def _reject_other_version(other: OtherVersion) -> RejectedEntry:
    reason = f"the document has an earlier entry of the same article, with {other.difference}"
    # The hash "" matches no entry, so later polls read this entry again. They archive it as a revision when it is the
    # only entry of its article in the document.
    return RejectedEntry(other.entry.label, EntryRejection.SECOND_WORDING, reason, "")
