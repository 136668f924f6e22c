"""Everything inside feedparser, and inside Python's SAX reader, that this program relies on.

feedparser's parser classes are not a public interface. If another version lacks one of these names, feeds may lose
texts without any error. These tests fail first, and say which name is missing.
"""

from __future__ import annotations

import ast
import inspect
import xml.sax
from pathlib import Path
from typing import Any
from xml.parsers.expat import errors
from xml.sax.xmlreader import AttributesNSImpl

import feedparser
import feedparser.mixin
import pytest
from feedparser.api import LooseFeedParser, StrictFeedParser

from feedarchive.document import feedparser_handlers, feedparser_limits, feedparser_links
from feedarchive.document.feedparser_handlers import LooseParser, StrictParser

WRITTEN_FOR = (
    f"feedarchive/document/feedparser_*.py is written for feedparser 6.0.14, and this is {feedparser.__version__}"
)
PARSERS = [StrictFeedParser, LooseFeedParser]
OWN_CLASSES = [
    feedparser_handlers._SeparateElements, StrictParser, LooseParser,
    feedparser_links.LinkHandlers, feedparser_limits.LimitedHandlers, feedparser_limits.LimitedStrictHandlers,
]  # fmt: skip

# The state of a parser that handlers read or change.
ATTRIBUTES: dict[str, type | tuple[type, ...]] = {
    "baseuri": str, "basestack": list, "contentparams": dict, "depth": int, "elementstack": list, "entries": list,
    "feeddata": dict, "incontent": int, "inentry": int, "insource": int, "lang": (str, type(None)), "langstack": list,
    "namespaces_in_use": dict, "sourcedata": dict, "svgOK": int, "version": str,
    "_summaryKey": (str, type(None)),
}  # fmt: skip
# Attributes that a new parser lacks. Its caller sets the first two. The parser sets the third at the first <guid>.
SET_LATER = ["resolve_relative_uris", "sanitize_html", "guidislink"]
# Methods that are called or replaced, with the names of their parameters.
METHODS = {
    "__init__": None,
    "_add_tag": ["self", "term", "scheme", "label"],
    "_get_context": ["self"],
    "_sync_author_detail": ["self", "key"],
    "decode_entities": None,  # a static method of one parser, a method of the other
    "handle_data": ["self", "text", "escape"],
    "looks_like_html": ["s"],
    "pop": ["self", "element", "strip_whitespace"],
    "pop_content": ["self", "tag"],
    "push": ["self", "element", "expecting_text"],
    "push_content": ["self", "tag", "attrs_d", "default_content_type", "expecting_text"],
    "track_namespace": ["self", "prefix", "uri"],
    "unknown_endtag": ["self", "tag"],
    "unknown_starttag": ["self", "tag", "attrs"],
}
STRICT_METHODS = {
    "characters": ["self", "text"],
    "endElementNS": ["self", "name", "qname"],
    "startElementNS": ["self", "name", "qname", "attrs"],
}
LOOSE_METHODS = {"handle_charref": ["self", "ref"], "feed": None}
# Handlers of elements that are replaced. feedparser finds them by their names.
REPLACED_HANDLERS = [
    "_end_created", "_end_dc_date", "_end_dc_description", "_end_dcterms_valid", "_end_expirationdate", "_end_guid",
    "_end_id", "_end_image", "_end_issued", "_end_itunes_summary", "_end_lastbuilddate", "_end_media_credit",
    "_end_media_description", "_end_media_title", "_end_modified", "_end_pubdate", "_end_published", "_end_updated",
    "_end_link", "_start_author", "_start_enclosure", "_start_link",
    "_start_dc_date", "_start_dc_description", "_start_description", "_start_image", "_start_itunes_summary",
    "_start_media_content", "_start_media_description", "_start_media_title", "_start_summary",
]  # fmt: skip
# Handlers of elements for which feedparser has none.
ADDED_HANDLERS = [
    "_end_authors",
    "_end_enclosure",
    "_end_links",
    "_end_media_content",
    "_start_authors",
    "_start_links",
]


def new(parser: type[Any]) -> Any:
    return parser("https://example.org/", None, "decoded")


@pytest.mark.parametrize("parser", PARSERS)
def test_a_parser_has_the_state_that_handlers_change(parser: type[Any]) -> None:
    built = new(parser)
    wrong = [name for name, kind in ATTRIBUTES.items() if not isinstance(getattr(built, name, ...), kind)]
    assert wrong == [], f"{parser.__name__} has no such attributes of these types: {wrong}. {WRITTEN_FOR}"


@pytest.mark.parametrize("parser", PARSERS)
def test_a_parser_has_the_methods_that_are_called_or_replaced(parser: type[Any]) -> None:
    own = STRICT_METHODS if parser is StrictFeedParser else LOOSE_METHODS
    for name, parameters in {**METHODS, **own}.items():
        method = getattr(parser, name, None)
        assert callable(method), f"{parser.__name__} has no method {name}. {WRITTEN_FOR}"
        found = list(inspect.signature(method).parameters)
        assert parameters in (None, found), f"{parser.__name__}.{name} has the parameters {found}. {WRITTEN_FOR}"


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("name", REPLACED_HANDLERS)
def test_a_handler_that_is_replaced_exists(parser: type[Any], name: str) -> None:
    assert callable(getattr(parser, name, None)), f"{parser.__name__} has no handler {name}. {WRITTEN_FOR}"


@pytest.mark.parametrize("name", ADDED_HANDLERS)
def test_a_handler_that_is_added_does_not_replace_one(name: str) -> None:
    assert not hasattr(StrictFeedParser, name), f"feedparser has a handler {name} now. {WRITTEN_FOR}"


def test_feedparser_calls_what_is_replaced() -> None:
    """A replacement that feedparser no longer calls would do nothing."""
    mixin = feedparser.mixin._FeedParserMixin
    calls = {
        "unknown_starttag": {"make_safe_absolute_uri", "track_namespace", "_get_context", "handle_data", "push"},
        "unknown_endtag": {"handle_data", "pop"},
        "pop": {"decode_entities", "translate", "looks_like_html", "resolve_relative_uris", "sanitize_html"},
        "pop_content": {"pop"},
        "push_content": {"push"},
    }
    for name, expected in calls.items():
        missing = expected - set(getattr(mixin, name).__code__.co_names)
        assert missing == set(), f"feedparser's {name} does not use {sorted(missing)}. {WRITTEN_FOR}"
    assert {"track_namespace"} <= set(StrictFeedParser.startPrefixMapping.__code__.co_names), WRITTEN_FOR
    assert {"items", "getQNames", "getValueByQName"} <= set(StrictFeedParser.startElementNS.__code__.co_names), (
        WRITTEN_FOR
    )


def test_feedparser_resolves_base_urls_as_without_the_cache() -> None:
    cached = feedparser.mixin.make_safe_absolute_uri
    original = feedparser.urls.make_safe_absolute_uri
    assert cached.__wrapped__ is original, WRITTEN_FOR
    assert cached("https://example.org/a/", "b") == original("https://example.org/a/", "b") == "https://example.org/a/b"


def test_pythons_sax_reader_has_what_is_used() -> None:
    for name in ("items", "getQNameByName", "getQNames", "getValueByQName", "__len__"):
        assert hasattr(AttributesNSImpl, name), f"AttributesNSImpl has no {name}"
    for name in ("setFeature", "setContentHandler", "setErrorHandler", "parse"):
        assert hasattr(xml.sax.make_parser(), name), f"the SAX reader has no {name}"
    assert errors.XML_ERROR_NO_ELEMENTS == "no element found"
    assert errors.XML_ERROR_UNCLOSED_TOKEN == "unclosed token"
    assert errors.XML_ERROR_UNCLOSED_CDATA_SECTION == "unclosed CDATA section"
    assert errors.XML_ERROR_PARTIAL_CHAR == "partial character"


def test_this_list_is_complete() -> None:
    """The lists in this file name every part of a parser that our subclasses use, and nothing else."""
    defined = {name for each in OWN_CLASSES for name in vars(each)}
    own = {
        "_end_text",
        "_pieces",
        "_restore_context",
        "_close_open_elements",
        "context_of_entry",
        "image_of_entry",
        "has_base",
        "_is_in_rss_item",
        "_keep_written_link",
        "open_media",
    }
    used = (
        set().union(
            *(_attributes_of_self(module) for module in (feedparser_handlers, feedparser_limits, feedparser_links))
        )
        - own
    )
    used_by_adapter = {"feed", "feeddata", "version", "resolve_relative_uris", "sanitize_html"}
    used |= used_by_adapter
    handlers = {name for name in defined if name.startswith(("_start_", "_end_"))} - own
    assert handlers == {*REPLACED_HANDLERS, *ADDED_HANDLERS}
    replaced = {name for name in defined - own - handlers if not name.startswith("__")}
    listed = {*ATTRIBUTES, *SET_LATER, *METHODS, *STRICT_METHODS, *LOOSE_METHODS}
    assert (used | replaced) - handlers == listed - {"__init__"}


def _attributes_of_self(module: Any) -> set[str]:
    """The names after ``self.`` and ``super().`` in a module, except in classes that are not parsers."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    parsers = {each.__name__ for each in OWN_CLASSES}
    relevant = [node for node in tree.body if not isinstance(node, ast.ClassDef) or node.name in parsers]
    nodes = [node for part in relevant for node in ast.walk(part) if isinstance(node, ast.Attribute)]
    return {node.attr for node in nodes if ast.unparse(node.value) in ("self", "super()")} - {"__init__"}
