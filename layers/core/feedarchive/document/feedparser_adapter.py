"""Parse XML with feedparser's parser classes.

``feedparser.parse`` is not used, because it

- may decode a document wrongly: one bad byte can garble all of the text;
- lets ``media:description`` and ``itunes:summary`` overwrite the summary of an entry;
- treats GUIDs as relative URLs;
- loses the entries of a document whose end is missing.

This module gives the decoded text to feedparser's two parser classes. Some of their methods are replaced
(feedparser_handlers.py, feedparser_limits.py, feedparser_links.py). Because other versions may have other internals,
pyproject.toml allows only feedparser 6.0, and test_feedparser_internals.py checks the internals that are used here.
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

# This must not be "utf-8": with that name, feedparser would try to repair texts that look wrongly decoded.
_ENCODING = "decoded"
# This is lower than the limit for well-formed documents (xml_repair.py), because a damaged document is parsed up to
# three times.
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

    - ``not_well_formed`` is the error of the strict parser, "" if there was none.
    - ``guessed`` is True if the tolerant parser had to guess where elements end.
    - ``too_long`` is True if only the first part of the document was repaired and parsed.
    """

    version: str
    feed: dict[str, Any]
    entries: list[dict[str, Any]]
    not_well_formed: str = ""
    guessed: bool = False
    too_long: bool = False


def parse_xml(xml_text: XmlText, url: str) -> FeedparserResult:
    """Parse a document in the first of these ways that succeeds:

    1. with the strict parser;
    2. with the strict parser, after stray "&" and "<" were escaped;
    3. with the tolerant parser, which always succeeds.
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
    """Return the result, and the error of the parser; the error is "" if the document is well-formed."""
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
        # It is not an error if only the end of the document is missing: everything before was parsed.
        if not (xml_text.cut_off and problem.getMessage() in _ERRORS_AT_THE_END):
            error = f"line {problem.getLineNumber()}: {problem.getMessage()}"
    except xml.sax.SAXException as problem:
        error = str(problem)
    except ValueError:
        # Python's SAX reader raises this error if the URL of a namespace contains white space.
        error = "white space in a namespace"
    return _result(xml_text, handler), error


def _parse_loosely(xml_text: XmlText, url: str) -> FeedparserResult:
    parser = _configured(LooseParser(url, None, _ENCODING, xml_text.entities))
    parser.feed(xml_text.text)
    return _result(xml_text, parser)


def _configured(parser: Any) -> Any:
    # clean_html.py resolves URLs and sanitizes HTML later.
    parser.resolve_relative_uris = False
    parser.sanitize_html = False
    return parser


def _result(xml_text: XmlText, parser: Any) -> FeedparserResult:
    return FeedparserResult(xml_text.version or parser.version, parser.feeddata, parser.entries)
