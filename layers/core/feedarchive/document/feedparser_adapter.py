"""feedparser, driven over characters that are decoded already.

``feedparser.parse`` decodes by its own rules (one bad byte turns a document into mojibake), lets
``media:description`` and ``itunes:summary`` overwrite an entry's summary, resolves guids as if they
were relative URLs, and throws the strict parser's entries away when a document is cut off. So this
module drives its parser classes directly, with some of their handlers changed.
Written against feedparser 6.0.14; pyproject.toml keeps to 6.0.
"""

from __future__ import annotations

import io
import xml.sax
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.handler import feature_external_ges, feature_namespaces
from xml.sax.xmlreader import InputSource

from feedarchive.document.feedparser_handlers import LooseParser, StrictParser
from feedarchive.document.prolog import declared
from feedarchive.document.xml_repair import XmlText, first_tags, with_stray_markup_escaped

# Any other name than "utf-8" switches off feedparser's guess that decoded text was decoded wrongly.
_CHARACTERS = "decoded"
# A document that is not well-formed is read up to three times.
_MAX_TAGS_TO_GUESS = 60_000


@dataclass(frozen=True)
class Parsed:
    """feedparser's view: its dictionaries for the feed and the entries, and how well it went.

    ``not_well_formed`` is the strict parser's complaint, "" if there is none; ``guessed`` tells that the
    document could only be read by guessing where its elements end, ``too_long`` that this was done for its first
    part only.
    """

    version: str
    feed: dict[str, Any]
    entries: list[dict[str, Any]]
    not_well_formed: str = ""
    guessed: bool = False
    too_long: bool = False


def parse_xml(xml_text: XmlText, url: str) -> Parsed:
    """Strictly; then strictly with stray "&" and "<" escaped; then by feedparser's tolerant parser."""
    found, error = _parse_strictly(xml_text, url)
    if not error:
        return found
    text = first_tags(xml_text.text, _MAX_TAGS_TO_GUESS)
    too_long = text is not xml_text.text
    shorter = replace(xml_text, text=text, cut_off=xml_text.cut_off or too_long)
    repaired, second_error = _parse_strictly(replace(shorter, text=with_stray_markup_escaped(text)), url)
    result = _parse_loosely(shorter, url) if second_error else repaired
    return replace(result, not_well_formed=error, guessed=bool(second_error), too_long=too_long)


def _parse_strictly(xml_text: XmlText, url: str) -> tuple[Parsed, str]:
    """The result and, if the document is not well-formed, the parser's complaint."""
    handler = _configured(StrictParser(url, None, _CHARACTERS))
    reader = xml.sax.make_parser()  # noqa: S317 - document/prolog.py lets no entity through that could do harm
    reader.setFeature(feature_namespaces, 1)
    reader.setFeature(feature_external_ges, 0)
    reader.setContentHandler(handler)
    reader.setErrorHandler(handler)
    source = InputSource()
    source.setByteStream(io.BytesIO((declared(xml_text.entities) + xml_text.text).encode("utf-8")))
    source.setEncoding("utf-8")
    error = ""
    try:
        reader.parse(source)
    except xml.sax.SAXParseException as problem:
        # A document that is only cut off was read well as far as it goes.
        if not (xml_text.cut_off and _at_the_end(problem)):
            error = f"line {problem.getLineNumber()}: {problem.getMessage()}"
    except xml.sax.SAXException as problem:
        error = str(problem)
    except ValueError:  # the names of elements fall into more parts than Python's reader expects
        error = "white space in a namespace"
    return _result(xml_text, handler), error


def _at_the_end(problem: xml.sax.SAXParseException) -> bool:
    message = problem.getMessage() or ""
    return message in ("no element found", "unclosed token", "unclosed CDATA section", "partial character")


def _parse_loosely(xml_text: XmlText, url: str) -> Parsed:
    parser = _configured(LooseParser(url, None, _CHARACTERS, xml_text.entities))
    parser.feed(xml_text.text)
    return _result(xml_text, parser)


def _configured(parser: Any) -> Any:
    # Sanitising is done once, on what goes into a file, by a parser that follows HTML's own rules.
    parser.resolve_relative_uris = False
    parser.sanitize_html = False
    return parser


def _result(xml_text: XmlText, parser: Any) -> Parsed:
    return Parsed(xml_text.version or parser.version, parser.feeddata, parser.entries)
