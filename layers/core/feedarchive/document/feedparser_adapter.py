"""Parse XML with feedparser's parser classes.

``feedparser.parse`` is not used, because it

- decodes documents by other rules: one bad byte garbles all of the text;
- lets ``media:description`` and ``itunes:summary`` overwrite the summary of an entry;
- resolves GUIDs as if they were relative URLs;
- discards the entries of the strict parser if the document is cut off.

This module drives feedparser's two parser classes with decoded text, and with some of their handlers replaced
(feedparser_handlers.py, feedparser_limits.py). tests/unit/document/test_feedparser_internals.py lists everything in
feedparser that this module relies on. The module was written for feedparser 6.0.14; pyproject.toml allows only 6.0.
"""

from __future__ import annotations

import io
import xml.sax
from dataclasses import dataclass, replace
from typing import Any
from xml.parsers.expat import errors
from xml.sax.handler import feature_external_ges, feature_namespaces
from xml.sax.xmlreader import InputSource

from feedarchive.document.doctype_entities import doctype_with
from feedarchive.document.feedparser_handlers import LooseParser, StrictParser
from feedarchive.document.xml_repair import XmlText, escape_stray_markup, first_tags

# Any name but "utf-8". If the encoding is "utf-8", feedparser tries to repair texts that it takes for wrongly decoded.
_ENCODING = "decoded"
# Lower than for well-formed documents (xml_repair.py), because a damaged document is parsed up to three times.
_MAX_TAGS_TO_REPAIR = 60_000
_ERRORS_AT_THE_END = {
    errors.XML_ERROR_NO_ELEMENTS,
    errors.XML_ERROR_UNCLOSED_TOKEN,
    errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    errors.XML_ERROR_PARTIAL_CHAR,
}


@dataclass(frozen=True)
class FeedparserResult:
    """feedparser's dictionaries for the feed and its entries.

    ``not_well_formed``: the error of the strict parser; "" if there was none.
    ``guessed``: the tolerant parser had to guess where elements end.
    ``too_long``: only the first part of the document was repaired and parsed.
    """

    version: str
    feed: dict[str, Any]
    entries: list[dict[str, Any]]
    not_well_formed: str = ""
    guessed: bool = False
    too_long: bool = False


def parse_xml(xml_text: XmlText, url: str) -> FeedparserResult:
    """Parse a document in the first of these ways that succeeds:

    1. strictly;
    2. strictly, after stray "&" and "<" were escaped;
    3. tolerantly, which always succeeds.
    """
    found, error = _parse_strictly(xml_text, url)
    if not error:
        return found
    text = first_tags(xml_text.text, _MAX_TAGS_TO_REPAIR)
    too_long = text is not xml_text.text
    shorter = replace(xml_text, text=text, cut_off=xml_text.cut_off or too_long)
    repaired, second_error = _parse_strictly(replace(shorter, text=escape_stray_markup(text)), url)
    result = _parse_loosely(shorter, url) if second_error else repaired
    return replace(result, not_well_formed=error, guessed=bool(second_error), too_long=too_long)


def _parse_strictly(xml_text: XmlText, url: str) -> tuple[FeedparserResult, str]:
    """Returns the result and the parser's error; the error is "" if the document is well-formed."""
    handler = _configured(StrictParser(url, None, _ENCODING))
    reader = xml.sax.make_parser()  # noqa: S317 - doctype_entities.py has removed all harmful entities
    reader.setFeature(feature_namespaces, 1)
    reader.setFeature(feature_external_ges, 0)
    reader.setContentHandler(handler)
    reader.setErrorHandler(handler)
    source = InputSource()
    source.setByteStream(io.BytesIO((doctype_with(xml_text.entities) + xml_text.text).encode("utf-8")))
    source.setEncoding("utf-8")
    error = ""
    try:
        reader.parse(source)
    except xml.sax.SAXParseException as problem:
        # A document whose only fault is a missing end was parsed correctly so far: this is not an error.
        if not (xml_text.cut_off and problem.getMessage() in _ERRORS_AT_THE_END):
            error = f"line {problem.getLineNumber()}: {problem.getMessage()}"
    except xml.sax.SAXException as problem:
        error = str(problem)
    except (
        ValueError
    ):  # Python's SAX reader splits names at white space, and raises this for a name with too many parts
        error = "white space in a namespace"
    return _result(xml_text, handler), error


def _parse_loosely(xml_text: XmlText, url: str) -> FeedparserResult:
    parser = _configured(LooseParser(url, None, _ENCODING, xml_text.entities))
    parser.feed(xml_text.text)
    return _result(xml_text, parser)


def _configured(parser: Any) -> Any:
    # markdown/clean_html.py resolves URLs and sanitizes HTML later, with a parser that follows the rules of HTML.
    parser.resolve_relative_uris = False
    parser.sanitize_html = False
    return parser


def _result(xml_text: XmlText, parser: Any) -> FeedparserResult:
    return FeedparserResult(xml_text.version or parser.version, parser.feeddata, parser.entries)
