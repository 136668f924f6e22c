"""Parse the outlines of an OPML file: each ``outline`` element is a feed or a folder of feeds.

The file may be hostile, so its depth and the number of outlines are limited, and entities are not allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from feedarchive.feeds.secret_references import has_reference
from feedarchive.subscriptions.feed_urls import InvalidUrl, feed_url, spelling_key
from feedarchive.text import one_line, safe_text, shorten
from feedarchive.urls import host_of, without_credentials

ID_ATTRIBUTE = "feedarchive:id"
_MAX_DEPTH = 200
_MAX_OUTLINES = 100_000
_MAX_QUOTED_CHARS = 80
# Outlines of these types are not feeds, but saved searches, podcast episodes or playlists.
_OTHER_TYPES = frozenset({"vfolder", "rule", "search", "podcast-episode", "podcast-playlist"})
# Tiny Tiny RSS writes its settings as outlines with this attribute.
_SETTINGS_ATTRIBUTE = "schema-version"


@dataclass(frozen=True)
class OpmlFeed:
    """A feed in an OPML file.

    ``tags``: the folders that contain the feed, the outermost folder first, and then the categories of the feed.
    """

    url: str
    title: str = ""
    home_page: str = ""
    tags: tuple[str, ...] = ()
    id: str = ""
    line: int = 0


@dataclass(frozen=True)
class OpmlProblem:
    """A message about one line of an OPML file, for example about a feed that cannot be imported."""

    line: int
    detail: str


class OpmlRejected(Exception):
    """The document is not OPML, exceeds a limit, or declares entities."""


@dataclass
class Outlines:
    """The feeds and problems of an OPML file, in the order of the file."""

    feeds: list[OpmlFeed] = field(default_factory=list)
    problems: list[OpmlProblem] = field(default_factory=list)


@dataclass
class _Open:
    """An XML element that has not ended yet.

    - ``folder``: the name of the folder; "" if the element is not a folder.
    - ``line``: the number of the line on which the element begins.
    - ``label``: the name of the element in messages.
    - ``is_empty``: whether the element is a folder in which no outline has been found yet.
    - ``is_ignored``: whether all outlines inside the element are ignored.
    """

    folder: str = ""
    line: int = 0
    label: str = ""
    is_empty: bool = False
    is_ignored: bool = False


def parse_outlines(text: str, tag_folders: bool) -> Outlines:
    """Parse the text of an OPML file. Raises OpmlRejected, or ExpatError if the text is not well-formed XML.

    ``tag_folders``: whether folders and categories become tags of the feeds.
    """
    found, stack = Outlines(), list[_Open]()
    # The text is passed as UTF-8, even if the XML declaration names another encoding.
    parser = expat.ParserCreate("utf-8")
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        kind = name.rpartition(":")[2].lower()
        if not stack and kind != "opml":
            raise OpmlRejected(f"not an OPML file: it begins with <{name[:_MAX_QUOTED_CHARS]}>")
        if len(stack) > _MAX_DEPTH:
            raise OpmlRejected(f"line {parser.CurrentLineNumber}: more than {_MAX_DEPTH} levels of folders")
        if kind != "outline":
            stack.append(_Open())
            return
        count += 1
        if count > _MAX_OUTLINES:
            raise OpmlRejected(f"more than {_MAX_OUTLINES:,} outlines")
        if stack and stack[-1].is_ignored:
            stack.append(_Open(is_ignored=True))
            return
        if stack:
            stack[-1].is_empty = False
        folders = tuple(each.folder for each in stack if each.folder) if tag_folders else ()
        stack.append(_outline(attributes, folders, parser.CurrentLineNumber, found, tag_folders))

    def end(_name: str) -> None:
        ended = stack.pop()
        if ended.is_empty:
            problem = f"{ended.label} has no xmlUrl: it is an empty folder, or a feed whose URL is missing"
            found.problems.append(OpmlProblem(ended.line, problem))

    def entity(*_: object) -> None:
        raise OpmlRejected(f"line {parser.CurrentLineNumber}: XML entities are not supported")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.EntityDeclHandler = entity
    parser.Parse(text.encode("utf-8", "replace"), True)
    return found


def _outline(
    attributes: Mapping[str, str], folders: tuple[str, ...], line: int, found: Outlines, with_categories: bool
) -> _Open:
    """Add the feed of an outline to ``found``, or a message if the feed cannot be imported."""
    # Attribute names are compared in lower case: feed readers write xmlUrl, xmlurl and XMLURL.
    values = {name.lower(): value.strip() for name, value in attributes.items()}
    kind, written = values.get("type", "").lower(), values.get("xmlurl", "")
    if not written and kind in ("rss", "atom", "feed"):
        written = values.get("url", "")
    label = values.get("title") or values.get("text") or ""  # gPodder's ``text`` is a description
    quoted = repr(shorten(one_line(label), _MAX_QUOTED_CHARS)) if label else "an outline without text"
    if kind in _OTHER_TYPES or _SETTINGS_ATTRIBUTE in values:
        return _Open(is_ignored=True)
    if not (label or written or kind):
        return _Open()
    if "+" in kind:
        found.problems.append(
            OpmlProblem(line, f"{quoted}: not imported, because it is a web page ({kind}), not a feed")
        )
        return _Open()
    if kind == "include":
        found.problems.append(OpmlProblem(line, f"{quoted} includes another OPML file: import that file separately"))
        return _Open()
    if not written:
        return _Open(folder=safe_text(label).strip(), line=line, label=quoted, is_empty=True)
    try:
        url = feed_url(written)
    except InvalidUrl as error:
        found.problems.append(OpmlProblem(line, f"{quoted}: {error}"))
        return _Open()
    if has_reference(url):
        # The author of the OPML file could have written this URL to steal the user's secrets.
        found.problems.append(
            OpmlProblem(
                line,
                f"{quoted}: not imported, because its URL refers to a secret (env: or ssm:); if you trust the URL, "
                "add it to feeds.toml yourself",
            )
        )
        return _Open()
    home_page = values.get("htmlurl", "")
    categories = _categories(values.get("category", "")) if with_categories else ()
    found.feeds.append(
        OpmlFeed(
            url=url,
            title="" if spelling_key(label) == spelling_key(url) else safe_text(label).strip(),
            home_page=without_credentials(home_page) if host_of(home_page) and " " not in home_page else "",
            tags=tuple(dict.fromkeys((*folders, *categories))),
            id=values.get(ID_ATTRIBUTE, ""),
            line=line,
        )
    )
    return _Open()


def _categories(written: str) -> tuple[str, ...]:
    """Split a ``category`` attribute: "/News/World,local" becomes ("News", "World", "local")."""
    words = (safe_text(word).strip() for path in written.split(",") for word in path.split("/"))
    return tuple(dict.fromkeys(word for word in words if word))
