"""``digest.md``: a day for people who read Markdown, in Obsidian, on GitHub, in Hugo."""

from __future__ import annotations

from feedarchive.article.front_matter import with_front_matter
from feedarchive.digest.day import Digest, FeedGroup, by_feed
from feedarchive.digest.entry import DigestEntry
from feedarchive.markdown.line import markdown_line
from feedarchive.markdown.plain_text import shortened

_LONGEST_DESCRIPTION = 200


def markdown_page(digest: Digest) -> bytes:
    """The page. Links are relative to the day's folder; nothing from a feed is markup in it."""
    counts = digest.counts()
    day = digest.day.isoformat()
    lines = [f"# {day}", "", counted(counts)]
    for heading, entries in (
        ("", digest.news()),
        ("Updated", digest.updated()),
        ("From the backlog", digest.backlog()),
    ):
        if entries:
            lines += ["", f"## {heading}"] if heading else []
            for group in by_feed(entries):
                lines += _group(group, digest, level=3 if heading else 2)
    text = with_front_matter(
        {"title": f"Digest of {day}", "date": digest.day, "description": counted(counts), "draft": False},
        "\n".join(lines),
    )
    return text.encode("utf-8", "replace")


def counted(counts: dict[str, int]) -> str:
    """A day in one line of plain ASCII: "12 articles from 3 feeds, 2 updated"."""
    articles, feeds = counts["articles"], counts["feeds"]
    text = f"{articles} article{'' if articles == 1 else 's'} from {feeds} feed{'' if feeds == 1 else 's'}"
    return text + (f", {counts['revisions']} updated" if counts["revisions"] else "")


def _group(group: FeedGroup, digest: Digest, level: int) -> list[str]:
    lines = ["", f"{'#' * level} {markdown_line(group.feed)}", ""]
    return lines + [_line(entry, digest) for entry in group.entries]


def _line(entry: DigestEntry, digest: Digest) -> str:
    title = markdown_line(shown_title(entry))
    line = f"- [{title}]({relative(entry.key, digest)})"
    if entry.previous:
        line += f" (revision {entry.revision}, [before]({relative(entry.previous, digest)}))"
    if entry.description and entry.title and not entry.is_revision:  # without a title, it stands in its place
        line += f": {markdown_line(shortened(entry.description, _LONGEST_DESCRIPTION))}"
    return line


def shown_title(entry: DigestEntry) -> str:
    """The title, or the beginning of the text where there is none."""
    return entry.title or shortened(entry.description, 80) or "Untitled"


def relative(key: str, digest: Digest) -> str:
    """A key as seen from the day's folder."""
    if key.startswith(digest.folder):
        return key.removeprefix(digest.folder)
    return "../../../" + key.removeprefix("archive/")
