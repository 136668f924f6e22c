"""How a text is divided into words, in several scripts."""

from __future__ import annotations

import pytest

from feedarchive.changes.words import BREAK, words_of
from tests.harness.linear_time import assert_linear_time


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't stop: 3.5, 1,000 at 10:30!", "Don't stop : 3.5 , 1,000 at 10:30 !"),
        ("well-known “quotes”—a dash.", "well-known “ quotes ” — a dash ."),
        ("हिन्दी में लिखा है।", "हिन्दी में लिखा है ।"),
        ("العَرَبِيّة، نعم", "العَرَبِيّة ، نعم"),
        ("中文没有,真的。", "中 文 没 有 , 真 的 。"),
        ("カタ漢字 mixed", "カ タ 漢 字 mixed"),
        ("ภาษาที่ดี", "ภ า ษ า ที่ ดี"),
        ("한국어 단어", "한국어 단어"),
        ("e\u0301tude", "e\u0301tude"),
        ("👨\u200d👩\u200d👧 🏳️\u200d🌈🇩🇪 👍🏽", "👨\u200d👩\u200d👧 🏳️\u200d🌈 🇩🇪 👍🏽"),
        ("", ""),
    ],
)
def test_words_and_signs(text: str, words: str) -> None:
    assert [word.text for word in words_of([text])] == words.split()


def test_signs_do_not_count_and_white_space_is_remembered() -> None:
    found = words_of(["One, two", "three"])
    assert [(word.text, word.spaced, word.is_word) for word in found] == [
        ("One", False, True), (",", False, False), ("two", True, True), (BREAK, False, False), ("three", False, True),
    ]  # fmt: skip


@pytest.mark.parametrize("part", ["a-", "1.", "'", "e\u0301", "中", "👨\u200d", " ", "a "])
def test_hostile_texts_take_linear_time(part: str) -> None:
    assert_linear_time(words_of, lambda size: [part * size], 4_000)
