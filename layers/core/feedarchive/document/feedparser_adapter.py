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
from dataclasses import dataclass
from typing import Any
from xml.sax.handler import feature_external_ges, feature_namespaces
from xml.sax.xmlreader import InputSource

from feedparser.sanitizer import replace_doctype

from feedarchive.document.feedparser_handlers import LooseParser, StrictParser
from feedarchive.document.xml_repair import XmlText, with_stray_markup_escaped

# Any other name than "utf-8" switches off feedparser's guess that decoded text was decoded wrongly.
_CHARACTERS = "decoded"


@dataclass(frozen=True)
class Parsed:
    """feedparser's view: its dictionaries for the feed and the entries, and how well it went.

    ``not_well_formed`` is the strict parser's complaint, "" if there is none; ``guessed`` tells that the
    document could only be read by guessing where its elements end.
    """

    version: str
    feed: dict[str, Any]
    entries: list[dict[str, Any]]
    not_well_formed: str = ""
    guessed: bool = False


def parse_xml(xml_text: XmlText, url: str) -> Parsed:
    """Strictly; then strictly with stray "&" and "<" escaped; then by feedparser's tolerant parser."""
    found, error = _parse_strictly(xml_text.text, url, xml_text.cut_off)
    if not error:
        return found
    repaired, second_error = _parse_strictly(with_stray_markup_escaped(xml_text.text), url, xml_text.cut_off)
    result = _parse_loosely(xml_text.text, url) if second_error else repaired
    return Parsed(result.version, result.feed, result.entries, error, guessed=bool(second_error))


def _parse_strictly(text: str, url: str, cut_off: bool) -> tuple[Parsed, str]:
    """The result and, if the document is not well-formed, the parser's complaint."""
    version, data, _ = replace_doctype(text.encode("utf-8"))
    handler = _configured(StrictParser(url, None, _CHARACTERS))
    # Entities of any kind are feedparser's business: replace_doctype lets harmless ones through.
    reader = xml.sax.make_parser()  # noqa: S317
    reader.setFeature(feature_namespaces, 1)
    reader.setFeature(feature_external_ges, 0)
    reader.setContentHandler(handler)
    reader.setErrorHandler(handler)
    source = InputSource()
    source.setByteStream(io.BytesIO(data))
    source.setEncoding("utf-8")
    error = ""
    try:
        reader.parse(source)
    except xml.sax.SAXParseException as problem:
        # A document that is only cut off was read well as far as it goes.
        if not (cut_off and _at_the_end(problem, data)):
            error = f"line {problem.getLineNumber()}: {problem.getMessage()}"
    except xml.sax.SAXException as problem:
        error = str(problem)
    except ValueError:  # the names of elements fall into more parts than Python's reader expects
        error = "white space in a namespace"
    return _result(version, handler), error


def _at_the_end(problem: xml.sax.SAXParseException, data: bytes) -> bool:
    message = problem.getMessage() or ""
    return message in ("no element found", "unclosed token", "unclosed CDATA section", "partial character")


def _parse_loosely(text: str, url: str) -> Parsed:
    version, data, entities = replace_doctype(text.encode("utf-8"))
    parser = _configured(LooseParser(url, None, _CHARACTERS, entities))
    parser.feed(data.decode("utf-8", "replace"))
    return _result(version, parser)


def _configured(parser: Any) -> Any:
    # Sanitising is done once, on what goes into a file, by a parser that follows HTML's own rules.
    parser.resolve_relative_uris = False
    parser.sanitize_html = False
    return parser


def _result(version: str | None, parser: Any) -> Parsed:
    return Parsed(version or parser.version, parser.feeddata, parser.entries)
