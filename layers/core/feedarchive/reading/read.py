"""Read a document: parse it, tell its entries apart, convert those that are not known. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from feedarchive.article.compose import Source, compose
from feedarchive.document.model import Document, Entry, NotAFeed
from feedarchive.identity.identify import entry_mark
from feedarchive.identity.site import site_folder
from feedarchive.markdown.plain_text import plain_line, shortened
from feedarchive.reading.advertised_feeds import naming_feeds
from feedarchive.reading.model import Reading, Refused, Request, ShownArticle, told_of
from feedarchive.reading.shortened import parsed
from feedarchive.reading.shown import MOST_ENTRIES, Shown, first_of_each, reason_against, source_of

_LONGEST_CALLED = 100


def read_document(request: Request) -> Reading | NotAFeed:
    """All of it at once, in this process."""
    parts = read_in_parts(request)
    first = next(parts)
    if isinstance(first, Reading):
        return first.with_more(part for part in parts if not isinstance(part, Reading | NotAFeed))
    assert isinstance(first, NotAFeed)
    return first


def read_in_parts(request: Request) -> Iterator[Reading | NotAFeed | ShownArticle | Refused]:
    """First what is known of the whole document, then each entry of ``to_convert``, the document's last first.

    Feeds show the newest first: so files come in the order the articles came. One conversion that kills
    its process costs only itself, since all before it has been handed over.
    """
    found = parsed(request)
    if isinstance(found, NotAFeed):
        yield NotAFeed(found.reason + naming_feeds(request.body, request.url))
        return
    document = found.document
    firsts, others = first_of_each(found.shown)
    firsts.reverse()
    to_convert = [each for each in firsts if each.mark not in request.known]
    yield Reading(
        folder=site_folder(request.feed.site, request.feed.url, document.home_page),
        title=shortened(plain_line(document.title), _LONGEST_CALLED),
        damage=document.damage,
        intact=document.intact,
        known=(*found.known, *(each.mark for each in firsts if each.mark in request.known)),
        to_convert=tuple((each.mark, _called(each.entry, each.title)) for each in to_convert),
        refused=(*_not_looked_at(document), *(_second_wording(other) for other in others)),
        update_every=document.update_every,
        seals=_without_second_wordings(found.seals, others),
    )
    source = source_of(document, request.feed, request.url)
    for each in to_convert:
        yield _read_entry(each, request, source)


def _read_entry(shown: Shown, request: Request, source: Source) -> ShownArticle | Refused:
    called = _called(shown.entry, shown.title)
    if reason := reason_against(shown, request.feed):
        return Refused(called, *reason, shown.mark)
    try:
        article = compose(shown.entry, shown.title, shown.identity.link, source, shown.identity.id)
    except MemoryError:
        raise
    except Exception as bug:  # noqa: BLE001 - a bad entry never stops its feed, whatever is bad in it
        return Refused(called, "bug", told_of(bug), shown.mark, again=True)
    return ShownArticle(shown.mark, called, shown.identity, shown.title, article)


def _not_looked_at(document: Document) -> Iterator[Refused]:
    if last := document.cut_off:
        reason = "the document ends in or right after it, so it may be half an entry; the next whole document has it"
        yield Refused(_called(last, plain_line(last.title)), "cut-off", reason, entry_mark(last), again=True)
    reason = f"the document has more than {MOST_ENTRIES} entries"
    for entry in document.entries[MOST_ENTRIES:]:
        yield Refused(_called(entry, plain_line(entry.title)), "too-many", reason, "")


def _without_second_wordings(seals: Mapping[str, str], others: Iterable[Shown]) -> dict[str, str]:
    """They are to be named each time, together with what they are second to."""
    second = {other.mark for other in others}
    return {seal: line for seal, line in seals.items() if line.split()[0] not in second}


def _second_wording(other: Shown) -> Refused:
    reason = "the same document has this article in other words before it"
    return Refused(_called(other.entry, other.title), "second-wording", reason, "")  # alone, it is a revision


def _called(entry: Entry, title: str) -> str:
    return repr(shortened(title or entry.link or entry.guid or "untitled", _LONGEST_CALLED))
