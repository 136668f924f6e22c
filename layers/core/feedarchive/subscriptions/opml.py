"""Parse OPML 1.0 and 2.0 (http://opml.org/spec2.opml) as feed readers write it. Pure functions.

OPML is XML: each ``outline`` element is a feed or a folder of feeds.

The file may be hostile, so its size and depth are limited, and a file that declares entities is rejected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from xml.parsers import expat

from feedarchive.document.charset_detection import decode
from feedarchive.document.xml_repair import escape_stray_markup
from feedarchive.feeds.secret_references import has_reference
from feedarchive.subscriptions.errors import InvalidOpml
from feedarchive.subscriptions.feed_urls import InvalidUrl, feed_url, spelling_key
from feedarchive.text import one_line, remove_forbidden, safe_text, shorten
from feedarchive.url_secrets import public_url
from feedarchive.urls import host_of, without_credentials

MAX_OPML_BYTES = 20 * 2**20
ID_ATTRIBUTE = "feedarchive:id"
_MAX_DEPTH = 200
_MAX_OUTLINES = 100_000
_MAX_QUOTED_CHARS = 80
_BROKEN = "; nothing was imported"
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


@dataclass(frozen=True)
class OpmlFile:
    """The feeds of an OPML file without duplicates, in the order of the file."""

    feeds: tuple[OpmlFeed, ...]
    problems: tuple[OpmlProblem, ...] = ()


def looks_like_xml(data: bytes) -> bool:
    """Check whether a file begins like XML, in any encoding. A TOML file does not begin like this."""
    return data[:1000].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")


def parse_opml(data: bytes, name: str, tag_folders: bool = True) -> OpmlFile:
    """Parse an OPML file. Raises InvalidOpml.

    - ``name``: the name of the file, for messages.
    - ``tag_folders``: whether folders and categories become tags of the feeds.
    """
    if len(data) > MAX_OPML_BYTES:
        raise InvalidOpml(f"{name}: larger than {MAX_OPML_BYTES // 2**20} MiB{_BROKEN}")
    text = remove_forbidden(decode(data).text.removeprefix("\ufeff"))[0]
    if not text.strip():
        raise InvalidOpml(f"{name}: {'not a text file' if data.strip() else 'the file is empty'}")
    # XML must not begin with empty lines, so they are removed. ``lines_before`` is added to line numbers later.
    start = len(text) - len(text.lstrip())
    lines_before, text = text.count("\n", 0, start), text[start:]
    try:
        outlines = _parse(text, tag_folders)
    except expat.ExpatError:
        try:
            outlines = _parse(escape_stray_markup(text), tag_folders)
        except expat.ExpatError as error:
            line = error.lineno + lines_before
            reason = expat.ErrorString(error.code)
            raise InvalidOpml(f"{name}: line {line}: not well-formed XML ({reason}){_BROKEN}") from None
        except _Rejected as rejected:
            raise InvalidOpml(f"{name}: {rejected}{_BROKEN}") from None
    except _Rejected as rejected:
        raise InvalidOpml(f"{name}: {rejected}{_BROKEN}") from None
    if not outlines.feeds and not outlines.problems:
        raise InvalidOpml(f"{name}: has no feeds")
    return _merged(outlines, lines_before)


class _Rejected(Exception):
    """The document is not OPML, exceeds a limit, or declares entities."""


@dataclass
class _Outlines:
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


def _parse(text: str, tag_folders: bool) -> _Outlines:
    found, stack = _Outlines(), list[_Open]()
    # The text is passed as UTF-8. This argument makes expat ignore the encoding in the XML declaration.
    parser = expat.ParserCreate("utf-8")
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        kind = name.rpartition(":")[2].lower()
        if not stack and kind != "opml":
            raise _Rejected(f"not an OPML file: it begins with <{name[:_MAX_QUOTED_CHARS]}>")
        if len(stack) > _MAX_DEPTH:
            raise _Rejected(f"line {parser.CurrentLineNumber}: more than {_MAX_DEPTH} levels of folders")
        if kind != "outline":
            stack.append(_Open())
            return
        count += 1
        if count > _MAX_OUTLINES:
            raise _Rejected(f"more than {_MAX_OUTLINES:,} outlines")
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
        raise _Rejected(f"line {parser.CurrentLineNumber}: it declares entities, which are not supported")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.EntityDeclHandler = entity
    parser.Parse(text.encode("utf-8", "replace"), True)
    return found


def _outline(
    attributes: Mapping[str, str], folders: tuple[str, ...], line: int, found: _Outlines, with_categories: bool
) -> _Open:
    """Add the feed of an outline to ``found``, or a message if the feed cannot be imported.

    Returns the open element.
    """
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
            OpmlProblem(line, f"{quoted} is a page that the feed reader scrapes ({kind}), not a feed")
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
        # Polling such a feed would send a secret of this machine to a server that the author of the OPML file chose.
        found.problems.append(
            OpmlProblem(line, f"{quoted}: not imported, because its URL refers to a secret (env: or ssm:)")
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


def _merged(outlines: _Outlines, lines_before: int) -> OpmlFile:
    """Merge outlines with the same URL into one feed with all tags. Different spellings of a URL are reported.

    ``lines_before``: how many empty lines were removed at the start of the file.
    """
    feeds: dict[str, OpmlFeed] = {}
    problems = list(outlines.problems)
    for each in outlines.feeds:
        key = spelling_key(each.url)
        first = feeds.setdefault(key, each)
        if first is each:
            continue
        feeds[key] = replace(
            first,
            title=first.title or each.title,
            home_page=first.home_page or each.home_page,
            tags=tuple(dict.fromkeys((*first.tags, *each.tags))),
        )
        if first.url != each.url:
            problems.append(
                OpmlProblem(
                    each.line,
                    f"{public_url(each.url)} is another spelling of the URL in line {first.line + lines_before}: "
                    "keep one of them",
                )
            )
    problems.sort(key=lambda problem: problem.line)
    return OpmlFile(
        tuple(replace(each, line=each.line + lines_before) for each in feeds.values()),
        tuple(replace(each, line=each.line + lines_before) for each in problems),
    )
