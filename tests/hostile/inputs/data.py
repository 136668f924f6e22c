"""Hostile JSON."""

from __future__ import annotations

from tests.hostile.inputs.forms import Input, filled, json_feed, json_item, numbered


def _many(piece: str, size: int) -> str:
    return filled(f"{piece}, ", size) + piece


def _string(key: str, piece: str) -> Input:
    return Input(lambda n: json_item(f'"{key}": "{filled(piece, n)}"'))


def _raw(key: str, before: str, piece: str) -> Input:
    return Input(lambda n: json_item(f'"{key}": {before}{filled(piece, n)}'))


def _list(key: str, piece: str) -> Input:
    return Input(lambda n: json_item(f'"{key}": [{_many(piece, n)}]'))


def _items(size: int, piece: str = '{"id": {}}') -> str:
    """A list of items that fills half of ``size``. The other half is for a field of the feed that all items share."""
    return f'"items": [{numbered(piece + ", ", size // 2)}{{}}]'


def _shared(key: str, piece: str) -> Input:
    return Input(lambda n: json_feed(f'"{key}": "{filled(piece, n // 2)}", {_items(n)}'))


def _authors_shared(name: str) -> Input:
    author = '{"name": "' + name + '"}, '
    return Input(lambda n: json_feed(f'"authors": [{numbered(author, n // 2)}{{}}], {_items(n)}'))


def _wrong_types(size: int) -> bytes:
    values = ("null", "true", "1", "1.5", '"x"', "[]", "{}", "[[[]]]", '{"a": {"b": []}}', "NaN", "-1e999")
    keys = "id url external_url title content_html content_text summary image banner_image date_published".split()
    keys += "date_modified author authors tags language attachments".split()
    items = ["{" + ", ".join(f'"{key}": {value}' for key in keys) + "}" for value in values]
    items += [f'{{"id": "{n}", "attachments": [{v}], "authors": [{v}], "tags": [{v}]}}' for n, v in enumerate(values)]
    return json_feed(f'"items": [{_many(", ".join((*values, *items)), size)}], "authors": 1, "language": 2')


DATA = {
    "arrays in arrays": Input(lambda n: filled("[", n).encode()),
    "objects in objects": Input(lambda n: filled('{"a":', n).encode()),
    "arrays in an item": Input(lambda n: json_item(f'"tags": {filled("[", n // 2)}{filled("]", n // 2)}')),
    "number of all digits": _raw("size", "", "9"),
    "fraction of all digits": _raw("size", "0.", "9"),
    "exponent of all digits": _raw("size", "1e", "9"),
    "same key again and again": Input(lambda n: json_item(_many('"content_html": "x"', n))),
    "keys": Input(lambda n: json_item(numbered('"k{}": 0, ', n) + '"k": 0')),
    "not a number": Input(lambda n: json_item('"date_published": NaN, "size": Infinity, "tags": [-Infinity]')),
    "items": Input(lambda n: json_feed(f'"items": [{_many("{}", n)}]')),
    "items with an id": Input(lambda n: json_feed(_items(2 * n))),
    "items that are none": Input(lambda n: json_feed(f'"items": [{_many("0", n)}]')),
    "objects": _list("x", '{"":0}'),
    "arrays": _list("x", "[]"),
    "strings": _list("x", '"中"'),
    "wrong types everywhere": Input(_wrong_types),
    "surrogates": _string("content_html", "\\ud800"),
    "surrogates the wrong way round": _string("content_text", "\\udc00\\ud800"),
    "zeros": _string("content_html", "\\u0000"),
    "escapes": _string("content_html", "\\n"),
    "backslash at the end": Input(lambda n: json_item(f'"content_html": "{filled("x", n)}\\')),
    "authors of all items": _authors_shared("a{}"),
    "empty authors of all items": _authors_shared("<b{}>"),
    "attachments": Input(lambda n: json_item('"attachments": [' + numbered('{"url": "/{}"}, ', n) + "{}]")),
    "title of all items": _shared("title", "t"),
    "language of all items": _shared("language", "l"),
    "home page of all items": Input(
        lambda n: json_feed(
            f'"home_page_url": "https://example.org/{filled("h", n // 2)}", '
            + _items(n, '{"id": {}, "url": "https://example.org/{}"}')
        )
    ),
    "tags": Input(lambda n: json_item('"tags": [' + numbered('"t{}", ', n) + '""]')),
    "cut off": Input(lambda n: json_item(f'"content_html": "{filled("x", n)}"')[: -n // 2]),
}
