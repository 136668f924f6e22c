"""Parse OPML 1.0 and 2.0 (http://opml.org/spec2.opml) as feed readers write it. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from xml.parsers import expat

from feedarchive.document.charset_detection import decode
from feedarchive.document.xml_repair import escape_stray_markup
from feedarchive.subscriptions.errors import InvalidOpml
from feedarchive.subscriptions.feed_urls import spelling_key
from feedarchive.subscriptions.opml_outlines import OpmlFeed, OpmlProblem, OpmlRejected, Outlines, parse_outlines
from feedarchive.text import remove_forbidden
from feedarchive.url_secrets import public_url

MAX_OPML_BYTES = 20 * 2**20
_BROKEN = "; nothing was imported"


@dataclass(frozen=True)
class OpmlFile:
    """The feeds of an OPML file, without duplicates and in the order of the file, and the problems found."""

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
        outlines = _outlines(text, tag_folders)
    except OpmlRejected as rejected:
        raise InvalidOpml(f"{name}: {rejected}{_BROKEN}") from None
    except expat.ExpatError as error:
        line, reason = error.lineno + lines_before, expat.ErrorString(error.code)
        raise InvalidOpml(f"{name}: line {line}: not well-formed XML ({reason}){_BROKEN}") from None
    if not outlines.feeds and not outlines.problems:
        raise InvalidOpml(f"{name}: has no feeds")
    return _merged(outlines, lines_before)


def _outlines(text: str, tag_folders: bool) -> Outlines:
    try:
        return parse_outlines(text, tag_folders)
    except expat.ExpatError:
        return parse_outlines(escape_stray_markup(text), tag_folders)


def _merged(outlines: Outlines, lines_before: int) -> OpmlFile:
    """Merge outlines with the same URL into one feed with all their tags. Report other spellings of a URL as problems.

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
