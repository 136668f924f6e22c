"""``digest.md``: a day for people who read Markdown, in Obsidian, on GitHub, in Hugo."""

from __future__ import annotations

from feedarchive.article.yaml_format import format_markdown
from feedarchive.digest.digest import Digest, FeedGroup, group_by_feed
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.markdown.inline_escaping import escape_inline
from feedarchive.text import shorten

_MAX_DESCRIPTION = 200


def markdown_page(digest: Digest) -> bytes:
    """The page. Links are relative to the day's folder; nothing from a feed is markup in it."""
    counts = digest.counts()
    day = digest.day.isoformat()
    lines = [f"# {day}", "", describe_counts(counts)]
    for heading, entries in (
        ("", digest.news()),
        ("Updated", digest.updated()),
        ("From the backlog", digest.backlog()),
    ):
        if entries:
            lines += ["", f"## {heading}"] if heading else []
            for group in group_by_feed(entries):
                lines += _group(group, digest, level=3 if heading else 2)
    text = format_markdown(
        {"title": f"Digest of {day}", "date": digest.day, "description": describe_counts(counts), "draft": False},
        "\n".join(lines),
    )
    return text.encode("utf-8", "replace")


def describe_counts(counts: dict[str, int]) -> str:
    """A day in one line of plain ASCII: "12 articles from 3 feeds, 2 updated"."""
    articles, feeds = counts["articles"], counts["feeds"]
    text = f"{articles} article{'' if articles == 1 else 's'} from {feeds} feed{'' if feeds == 1 else 's'}"
    return text + (f", {counts['revisions']} updated" if counts["revisions"] else "")


def _group(group: FeedGroup, digest: Digest, level: int) -> list[str]:
    lines = ["", f"{'#' * level} {escape_inline(group.feed)}", ""]
    return lines + [_line(entry, digest) for entry in group.entries]


def _line(entry: DigestEntry, digest: Digest) -> str:
    title = escape_inline(display_title(entry))
    line = f"- [{title}]({relative(entry.key, digest)})"
    if entry.previous:
        line += f" (revision {entry.revision}, [before]({relative(entry.previous, digest)}))"
    if entry.description and entry.title and not entry.is_revision:  # without a title, it stands in its place
        line += f": {escape_inline(shorten(entry.description, _MAX_DESCRIPTION))}"
    return line


def display_title(entry: DigestEntry) -> str:
    """The title, or the beginning of the text where there is none."""
    return entry.title or shorten(entry.description, 80) or "Untitled"


def relative(key: str, digest: Digest) -> str:
    """A key as seen from the day's folder."""
    if key.startswith(digest.folder):
        return key.removeprefix(digest.folder)
    return "../../../" + key.removeprefix("archive/")
