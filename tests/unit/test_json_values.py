"""Every kind of value that JSONObject reads: right ones are returned, missing and wrong ones raise DamagedJSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from feedarchive.json_values import (
    DamagedJSON,
    JSONObject,
    checked_integer,
    checked_texts,
    checked_time,
    parse_any_json,
    parse_json,
)

# One value of each JSON type, and of each kind of string and number that matters here.
VALUES: dict[str, object] = {
    "null": None, "true": True, "text": "words", "integer": 7, "float": 7.0, "NaN": float("nan"), "array": [1],
    "array of strings": ["a", "b"], "array of objects": [{"a": 1}], "object": {"a": 1}, "object of strings": {"a": "b"},
    "time": "2025-12-25T10:00:00Z",
}  # fmt: skip
METHODS: dict[Callable[[JSONObject, str], object], set[str]] = {
    JSONObject.text: {"text", "time"},
    JSONObject.optional_text: {"text", "time", "null"},
    JSONObject.integer: {"integer"},
    JSONObject.optional_integer: {"integer", "null"},
    JSONObject.time: {"time"},
    JSONObject.texts: {"array of strings"},
    JSONObject.object: {"object", "object of strings"},
    JSONObject.objects: {"array of objects"},
    JSONObject.objects_by_name: {"object", "object of strings"},
}


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.__name__)
def test_each_method_accepts_its_own_type_only(method: Callable[[JSONObject, str], object], kind: str) -> None:
    found = parse_json(json.dumps({"name": VALUES[kind]}))
    if kind in METHODS[method]:
        method(found, "name")
    else:
        with pytest.raises(DamagedJSON):
            method(found, "name")


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.__name__)
def test_a_missing_value_is_named(method: Callable[[JSONObject, str], object]) -> None:
    with pytest.raises(DamagedJSON, match="size is missing"):
        method(parse_json("{}"), "size")


def test_what_the_methods_return() -> None:
    found = parse_json(
        b'{"text": "\xc3\xa9", "integer": 7, "time": "2025-12-25T11:00:00+01:00", "texts": ["a", "b"], "empty": [],'
        b' "object": {"a": {"b": 1}}, "objects": [{"a": 1}, {"a": 2}]}'
    )
    assert found.text("text") == "é"
    assert found.integer("integer") == 7
    assert found.time("time") == datetime(2025, 12, 25, 10, tzinfo=UTC)
    assert found.time("time").utcoffset() == timedelta(hours=1)
    assert found.texts("texts") == ("a", "b")
    assert found.texts("empty") == ()
    assert found.objects("empty") == []
    assert found.object("object").object("a").integer("b") == 1
    assert [each.integer("a") for each in found.objects("objects")] == [1, 2]
    assert found.objects_by_name("object") == {"a": {"b": 1}}
    assert "text" in found
    assert "nothing" not in found


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"a": 1}}', b"\xff\xfe\xff", b"{'a': 1}", b'{"a": \x00}', "[" * 200_000, "1" * 10_000, '"a'],
    ids=lambda data: repr(data[:10]),
)  # fmt: skip
def test_what_is_not_json_is_damaged(data: bytes | str) -> None:
    for parse in (parse_json, parse_any_json):
        with pytest.raises(DamagedJSON):
            parse(data)


@pytest.mark.parametrize("data", ["null", "7", "[]", '"text"', "true", "NaN"])
def test_the_root_of_a_document_is_an_object(data: str) -> None:
    parse_any_json(data)
    with pytest.raises(DamagedJSON, match="expected dict"):
        parse_json(data)


def test_objects_nested_deeply_inside_a_value_are_damaged_too() -> None:
    with pytest.raises(DamagedJSON):
        parse_json('{"a": ' + '{"a": ' * 200_000 + "1" + "}" * 200_001)


def test_an_array_with_one_wrong_item_is_damaged() -> None:
    found = parse_json('{"texts": ["a", 1], "objects": [{}, []]}')
    with pytest.raises(DamagedJSON, match="expected str, got int"):
        found.texts("texts")
    with pytest.raises(DamagedJSON, match="expected dict, got list"):
        found.objects("objects")


@pytest.mark.parametrize("value", [0, 1, 2**40 - 1])
def test_whole_numbers(value: int) -> None:
    assert checked_integer(value) == value


@pytest.mark.parametrize("value", [-1, 2**40, 10**400, True, False, 1.0, float("inf"), "1", None, [1]], ids=repr)
def test_other_numbers_are_damaged_and_quoted_in_short(value: object) -> None:
    with pytest.raises(DamagedJSON) as error:
        checked_integer(value)
    assert len(str(error.value)) < 120


@pytest.mark.parametrize(
    ("written", "offset"),
    [("2025-12-25T10:00:00Z", timedelta()), ("2025-12-25T10:00:00.5-05:30", timedelta(hours=-5, minutes=-30))],
)
def test_times_have_an_offset(written: str, offset: timedelta) -> None:
    assert checked_time(written) == datetime.fromisoformat(written)
    assert checked_time(written).tzinfo in (UTC, timezone(offset))


@pytest.mark.parametrize(
    "value", ["2025-12-25T10:00:00", "2025-12-25", "2025-13-25T10:00:00Z", "yesterday", "", 1766656800, None, ["x"]]
)
def test_other_times_are_damaged(value: object) -> None:
    with pytest.raises(DamagedJSON):
        checked_time(value)


def test_objects_of_strings() -> None:
    assert checked_texts({}) == {}
    assert checked_texts({"a": "b"}) == {"a": "b"}
    values: list[object] = [None, [], "text", {"a": 1}, {"a": "b", "c": None}]
    for wrong in values:
        with pytest.raises(DamagedJSON):
            checked_texts(wrong)


def test_objects_with_unknown_fields_can_be_rejected() -> None:
    found = parse_json('{"a": 1, "b": 2}')
    found.allow_only("a", "b", "c")
    with pytest.raises(DamagedJSON, match="unknown fields: b"):
        found.allow_only("a")


def test_damaged_json_is_a_value_error_so_that_no_bug_hides_behind_it() -> None:
    """Other exceptions than DamagedJSON mean a bug, and are not caught by callers."""
    assert not issubclass(DamagedJSON, KeyError | TypeError | AttributeError)
    with pytest.raises(TypeError):
        parse_json(7)  # type: ignore[arg-type]
