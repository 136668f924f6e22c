"""Write ``digest.md``, the list of a day's articles in Markdown, for people who use Obsidian, GitHub or Hugo."""

from __future__ import annotations

from feedarchive.article.file_names import CompanionKind
from feedarchive.article.yaml_format import format_markdown
from feedarchive.digest.companion import Companion
from feedarchive.digest.digest import Digest
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.feed_groups import group_by_feed
from feedarchive.markdown.inline_escaping import escape_inline
from feedarchive.text import count_of, shorten

LATE_FULL_TEXTS = "Full texts of earlier articles"
_MAX_DESCRIPTION_CHARS = 200


def markdown_page(digest: Digest) -> bytes:
    """Return the bytes of digest.md. Links are relative to the day's folder.

    Text from feeds is escaped, so it cannot become markup.
    """
    day, described = digest.day.isoformat(), describe_digest(digest)
    lines = [f"# {day}", "", described]
    for heading, entries in (
        ("", digest.news_by_story()),
        ("Updated", digest.updated()),
        ("From the backlog", digest.backlog()),
    ):
        if entries:
            lines += ["", f"## {heading}"] if heading else []
            if heading == "Updated":
                lines += ["", *(_edit(entry, digest) for entry in entries)]
                continue
            for group in group_by_feed(entries):
                lines += ["", f"{'###' if heading else '##'} {escape_inline(group.feed)}", ""]
                lines += [_line(entry, digest) for entry in group.entries]
    if digest.late_full_texts:
        lines += ["", f"## {LATE_FULL_TEXTS}", "", *(_late(each, digest) for each in digest.late_full_texts)]
    text = format_markdown(
        {"title": f"Digest of {day}", "date": digest.day, "description": described, "draft": False},
        "\n".join(lines),
    )
    return text.encode("utf-8", "replace")


def describe_counts(counts: dict[str, int]) -> str:
    """Describe a day in one line of ASCII: "12 articles from 3 feeds, 2 updated"."""
    articles, feeds = counts["articles"], counts["feeds"]
    text = f"{articles} article{'' if articles == 1 else 's'} from {feeds} feed{'' if feeds == 1 else 's'}"
    return text + (f", {counts['revisions']} updated" if counts["revisions"] else "")


def describe_digest(digest: Digest) -> str:
    """Describe a day with its full texts: "12 articles from 3 feeds, 2 updated, 11 full texts". The text is ASCII."""
    number = sum(each.kind is CompanionKind.FULL_TEXT for each in digest.companions)
    return describe_counts(digest.counts()) + (f", {count_of(number, 'full text')}" if number else "")


def _line(entry: DigestEntry, digest: Digest) -> str:
    title = escape_inline(display_title(entry))
    line = f"- [{title}]({_fullest(entry, digest)})"
    if also := digest.also.get(entry.key):
        links = (f"[{escape_inline(each.feed or each.site)}]({_fullest(each, digest)})" for each in also)
        line += f" (also: {', '.join(links)})"
    if entry.description and entry.title:  # without a title, the link shows the description
        line += f": {escape_inline(shorten(entry.description, _MAX_DESCRIPTION_CHARS))}"
    return line


def _edit(entry: DigestEntry, digest: Digest) -> str:
    """Return the line for a revision: its title, a link to the version before, the feed, and what has changed."""
    line = f"- [{escape_inline(display_title(entry))}]({_fullest(entry, digest)})"
    if entry.previous:
        before = f"[{escape_inline(entry.previous_title or 'before')}]({relative(entry.previous, digest)})"
        line += f", before: {before}" if entry.previous_title else f", {before}"
    details = [f"revision {entry.revision}", *([edit] if (edit := describe_edit(entry)) else [])]
    return f"{line} ({escape_inline(entry.feed or entry.site)}, {', '.join(details)})"


def _late(full: Companion, digest: Digest) -> str:
    """Return the line for a full text whose article was archived on another day."""
    day = "-".join(full.of.split("/")[1:4])
    return f"- [{escape_inline(full.name)}]({relative(full.key, digest)}) ({full.site}, article of {day})"


def describe_edit(entry: DigestEntry) -> str:
    """Describe what a revision has changed: "12 words added, 3 removed". Returns "" if this is unknown."""
    added, removed = entry.words_added, entry.words_removed
    return "" if added is None or removed is None else describe_words(added, removed)


def describe_words(added: int, removed: int) -> str:
    """Describe numbers of words, such as "12 words added, 3 removed", or "no word changed"."""
    if added and removed:
        return f"{count_of(added, 'word')} added, {removed:,} removed"
    if added or removed:
        return f"{count_of(added or removed, 'word')} {'added' if added else 'removed'}"
    return "no word changed"


def display_title(entry: DigestEntry) -> str:
    """Return the title of an entry.

    If it has no title, return the beginning of its description. If it has neither, return "Untitled".
    """
    return entry.title or shorten(entry.description, 80) or "Untitled"


def _fullest(entry: DigestEntry, digest: Digest) -> str:
    """Return the path to the full text of a version, or to the version itself if the day has no full text of it.

    The path is relative to the day's folder.
    """
    full = digest.full_texts.get(entry.key)
    return relative(full.key if full else entry.key, digest)


def relative(key: str, digest: Digest) -> str:
    """Return the path to a key, relative to the day's folder."""
    if key.startswith(digest.folder):
        return key.removeprefix(digest.folder)
    return "../../../" + key.removeprefix("archive/")
