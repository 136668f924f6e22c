"""Compose the two mails: the digest of a day, and the warning that no article was archived for some days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from feedarchive.digest.digest import Digest, pages_folder
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.in_turn import in_turn
from feedarchive.digest.markdown_page import describe_digest, describe_words, display_title
from feedarchive.identity.canonical_url import clean_url
from feedarchive.mail.attention import Attention
from feedarchive.mail.mail import MAX_TITLES, DayProof, Item, Link, Mail, Section
from feedarchive.pages.dates import WEEKDAYS, long_date
from feedarchive.pages.edits import EditedArticle, edited_articles
from feedarchive.pages.page_names import links_of, site_pages
from feedarchive.text import count_of, one_line, shorten
from feedarchive.urls import host_of

_MAX_TITLE_CHARS = 160
_MAX_SUMMARY_CHARS = 200
_MAX_NAME_CHARS = 80
_MAX_LINK_CHARS = 1_000  # A longer link is left out.
_MAX_ATTENTION = 20
_MAX_ATTENTION_CHARS = 300


def mail_of_day(
    digest: Digest, location: str, attention: Sequence[Attention], now: datetime, pages_url: str = ""
) -> Mail:
    """Return the mail about a day. ``pages_url`` is the URL of the folder ``pages/`` on a web server, or ""."""
    base = f"{pages_url.rstrip('/')}/" if pages_url else ""
    folder = base + pages_folder(digest.day).removeprefix("pages/")
    links = {key: folder + link for key, link in links_of(site_pages(digest)).items()} if base else {}
    edited = {article.last.key: article for article in edited_articles(digest)}
    lists = (
        ("", in_turn(digest.news_by_story())),
        ("Updated", [article.last for article in edited.values()]),
        ("From the backlog", in_turn(digest.backlog())),
    )
    sections: list[Section] = []
    left = MAX_TITLES
    for heading, entries in lists:
        listed = entries[:left]
        left -= len(listed)
        more = len(entries) - len(listed) + _number_of_others(digest, entries) - _number_of_others(digest, listed)
        if entries:
            items = tuple(_item(entry, digest, links, edited.get(entry.key)) for entry in listed)
            sections.append(Section(heading, items, more))
    counted = describe_digest(digest)
    return Mail(
        name=digest.day.isoformat(),
        day=digest.day,
        time=now,
        topic=_topic(counted, attention, sections),
        heading=f"{WEEKDAYS[digest.day.weekday()]}, {long_date(digest.day)}",
        summary=counted,
        page=f"{folder}index.html" if base else f"{location}/{digest.page}",
        sections=tuple(sections),
        attention=_shortened(attention),
        more_attention=max(len(attention) - _MAX_ATTENTION, 0),
    )


def mail_of_silence(
    since: date, until: date, location: str, attention: Sequence[Attention], now: datetime, pages_url: str = ""
) -> Mail:
    """Return the mail that says that no article was archived for some days.

    - ``since``: the day on which the last article was archived.
    - ``until``: the last day without articles.
    """
    days = count_of((until - since).days, "day")
    counted = f"no new article for {days}"
    return Mail(
        name=f"silence-{until.isoformat()}",
        day=until,
        time=now,
        topic=_topic(counted, attention, ()),
        heading=f"No new article for {days}",
        summary=f"The last article was archived on {long_date(since)}. feedarchive status lists all feeds.",
        page=f"{pages_url.rstrip('/')}/index.html" if pages_url else f"{location}/pages/index.html",
        attention=_shortened(attention),
        more_attention=max(len(attention) - _MAX_ATTENTION, 0),
    )


def _number_of_others(digest: Digest, entries: Sequence[DigestEntry]) -> int:
    return sum(len(digest.also.get(entry.key, ())) for entry in entries)


def _item(entry: DigestEntry, digest: Digest, links: Mapping[str, str], edited: EditedArticle | None) -> Item:
    web = _web(entry)
    return Item(
        title=_short(display_title(entry), _MAX_TITLE_CHARS),
        feed=_feed(entry),
        web=web,
        host=host_of(web).removeprefix("www."),
        page=links.get(entry.key, ""),
        summary=_short(entry.description, _MAX_SUMMARY_CHARS) if entry.title and not entry.is_revision else "",
        edit=_edit(edited) if edited else "",
        also=tuple(
            Link(_feed(other), links.get(other.key, "") or _web(other)) for other in digest.also.get(entry.key, ())
        ),
    )


def _edit(edited: EditedArticle) -> str:
    words = describe_words(edited.words_added, edited.words_removed) if edited.size >= 0 else ""
    title = f"before: {_short(edited.title_before, _MAX_TITLE_CHARS)}" if edited.title_before else ""
    return "; ".join(filter(None, (words, title)))


def _feed(entry: DigestEntry) -> str:
    return _short(entry.feed or entry.site, _MAX_NAME_CHARS)


def _web(entry: DigestEntry) -> str:
    link = clean_url(entry.link)
    return link if len(link) <= _MAX_LINK_CHARS else ""


def _topic(counted: str, attention: Sequence[Attention], sections: Sequence[Section]) -> str:
    """Return the subject without the day. It ends with the title of the story that appears in the most feeds."""
    number = len(attention)
    noun = "feed" if all(each.is_feed for each in attention) else "problem"
    needed = f", {count_of(number, noun)} need{'s' if number == 1 else ''} attention" if attention else ""
    items = [item for section in sections for item in section.items]
    title = f": {max(items, key=lambda item: len(item.also)).title}" if items else ""
    return f"{counted}{needed}{title}"


def _shortened(attention: Sequence[Attention]) -> tuple[Attention, ...]:
    return tuple(
        replace(
            each,
            subject=_short(each.subject, _MAX_ATTENTION_CHARS),
            problem=_short(each.problem, _MAX_ATTENTION_CHARS),
            advice=_short(each.advice, _MAX_ATTENTION_CHARS),
        )
        for each in attention[:_MAX_ATTENTION]
    )


def _short(text: str, limit: int) -> str:
    return shorten(one_line(text), limit)


def with_proof(mail: Mail, digest: Digest, damage: Sequence[str], proof: DayProof | None) -> Mail:
    """Add hashes and a list of damaged files to a mail. If files are damaged, the subject begins with their number."""
    hashes = []
    if proof:
        hashes.append(f"SHA-256 of {digest.folder}digest.json: {proof.digest}")
    if proof and proof.previous:
        day, sha256 = proof.previous
        hashes.append(f"SHA-256 of days/{day}.json, which covers the archive up to that day: {sha256}")
    listed = tuple(one_line(line) for line in damage[:_MAX_ATTENTION])
    topic = f"{count_of(len(damage), 'file')} missing or damaged; {mail.topic}" if damage else mail.topic
    return replace(mail, topic=topic, damage=listed, more_damage=len(damage) - len(listed), hashes=tuple(hashes))
