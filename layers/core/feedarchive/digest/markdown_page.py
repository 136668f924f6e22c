"""``digest.md``: the day's page in Markdown, for Obsidian, GitHub and Hugo."""

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
_MAX_DESCRIPTION = 200  # characters


def markdown_page(digest: Digest) -> bytes:
    """Render the page. Links are relative to the day's folder; text from feeds is escaped, so it is never markup."""
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
    """A day in one line of ASCII: "12 articles from 3 feeds, 2 updated"."""
    articles, feeds = counts["articles"], counts["feeds"]
    text = f"{articles} article{'' if articles == 1 else 's'} from {feeds} feed{'' if feeds == 1 else 's'}"
    return text + (f", {counts['revisions']} updated" if counts["revisions"] else "")


def describe_digest(digest: Digest) -> str:
    """A day in one line of ASCII, with its full texts: "12 articles from 3 feeds, 2 updated, 11 full texts"."""
    number = sum(each.kind is CompanionKind.FULL_TEXT for each in digest.companions)
    return describe_counts(digest.counts()) + (f", {count_of(number, 'full text')}" if number else "")


def _line(entry: DigestEntry, digest: Digest) -> str:
    title = escape_inline(display_title(entry))
    line = f"- [{title}]({_fullest(entry, digest)})"
    if also := digest.also.get(entry.key):
        links = (f"[{escape_inline(each.feed or each.site)}]({_fullest(each, digest)})" for each in also)
        line += f" (also: {', '.join(links)})"
    if entry.description and entry.title:  # without a title, the link text is the description
        line += f": {escape_inline(shorten(entry.description, _MAX_DESCRIPTION))}"
    return line


def _edit(entry: DigestEntry, digest: Digest) -> str:
    """The line of a revision: the title, the title before, what changed, the feed."""
    line = f"- [{escape_inline(display_title(entry))}]({_fullest(entry, digest)})"
    if entry.previous:
        before = f"[{escape_inline(entry.previous_title or 'before')}]({relative(entry.previous, digest)})"
        line += f", before: {before}" if entry.previous_title else f", {before}"
    details = [f"revision {entry.revision}", *([edit] if (edit := describe_edit(entry)) else [])]
    return f"{line} ({escape_inline(entry.feed or entry.site)}, {', '.join(details)})"


def _late(full: Companion, digest: Digest) -> str:
    """The line of a full text whose article is of another day."""
    day = "-".join(full.of.split("/")[1:4])
    return f"- [{escape_inline(full.name)}]({relative(full.key, digest)}) ({full.site}, article of {day})"


def describe_edit(entry: DigestEntry) -> str:
    """What a revision changed: "12 words added, 3 removed"; "" if that is unknown."""
    added, removed = entry.words_added, entry.words_removed
    return "" if added is None or removed is None else describe_words(added, removed)


def describe_words(added: int, removed: int) -> str:
    """A change in words, such as "12 words added, 3 removed"."""
    if added and removed:
        return f"{count_of(added, 'word')} added, {removed:,} removed"
    if added or removed:
        return f"{count_of(added or removed, 'word')} {'added' if added else 'removed'}"
    return "no word changed"


def display_title(entry: DigestEntry) -> str:
    """The title of an entry; without a title, the beginning of its description; without both, "Untitled"."""
    return entry.title or shorten(entry.description, 80) or "Untitled"


def _fullest(entry: DigestEntry, digest: Digest) -> str:
    """The path from the day's folder to the full text of a version; without a full text, to the version itself."""
    full = digest.full_texts.get(entry.key)
    return relative(full.key if full else entry.key, digest)


def relative(key: str, digest: Digest) -> str:
    """The path from the day's folder to a key."""
    if key.startswith(digest.folder):
        return key.removeprefix(digest.folder)
    return "../../../" + key.removeprefix("archive/")
