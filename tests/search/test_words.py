"""Which words find which articles."""

from __future__ import annotations

import sqlite3
import sys

import pytest

from feedarchive.search.folded_text import is_one_word
from feedarchive.search.index_file import TOKENIZER
from tests.harness.clock import Clock
from tests.search.archive import Searched, searched

TEXTS = {
    "French": "Un café à Liège, naïve façade.",
    "German": "Herr Müller wohnt in der Straße nebenan.",
    "Turkish": "İstanbul'da bir gün.",
    "Greek": "Η Αθήνα είναι μεγάλη.",
    "Russian": "Ёлка стоит.",
    "Decomposed": "A cafe\u0301 again, co\u00adoperate.",
    "Japanese": "昨日、東京都庁で会議があった。ｶﾒﾗとパソコン。",
    "Chinese": "北京大学的学生。",
    "Korean": "서울특별시에서 만났다.",
    "Thai": "ฉันรักประเทศไทย",
    "Hindi": "यह हिन्दी है।",
    "Wide": "ＡＢＣ ２０２５ ①",
    "Code": "snake_case and C++ and don't",
    "Marks": 'The <b>bo</b>ld word, <a href="https://hidden.example/secret">a link</a> and <code>code</code>.',
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Searched:
    """One archive for all questions of this module."""
    made = searched(tmp_path_factory.mktemp("words") / "archive", Clock())
    made.poll(**TEXTS)
    return made


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("cafe", "French Decomposed"), ("CAFÉ", "French Decomposed"), ("facade naive", "French"),
        ("muller", "German"), ("MÜLLER", "German"), ("strasse", "German"), ("straße", "German"),
        ("istanbul", "Turkish"), ("αθηνα", "Greek"), ("елка", "Russian"), ("cooperate", "Decomposed"),
        ("東京", "Japanese"), ("京都", "Japanese"), ("東京都庁", "Japanese"), ("東", "Japanese"), ("庁", "Japanese"),
        ("東庁", ""), ("京東", ""), ("カメラ", "Japanese"), ("ｶﾒﾗ", "Japanese"), ("ﾊﾟｿｺﾝ", "Japanese"),
        ("大学", "Chinese"), ("学生", "Chinese"), ("生", "Chinese"), ("大生", ""), ("北京 学生", "Chinese"),
        ('"北京 学生"', ""), ("서울", "Korean"), ("특별시", "Korean"), ("ประเทศ", "Thai"), ("हिन्दी", "Hindi"),
        ("हिन्दा", ""),
        ("abc 2025", "Wide"), ("snake_case", "Code"), ("snake", "Code"), ("c++", "Code"), ("don't", "Code"),
        ("bold", "Marks"), ("link", "Marks"), ("code", "Code Marks"), ("hidden", ""), ("secret", ""),
        ("japanese", "Japanese"),
    ],
)  # fmt: skip
def test_case_accents_and_width_do_not_matter(archive: Searched, words: str, found: str) -> None:
    assert archive.titles(words) == sorted(found.split())


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("herr nebenan", ["German"]), ("nebenan herr", ["German"]), ('"herr muller"', ["German"]),
        ('"muller herr"', []), ("“herr muller”", ["German"]), ('"herr mul"*', ["German"]), ("neb*", ["German"]),
        ("eben*", []), ("der -muller", []), ("bir -muller", ["Turkish"]), ('un -"naive facade"', []),
        ('un -"facade naive"', ["French"]), ("neb* -wohn*", []), ("東* 会議", ["Japanese"]), ("会議 -カメラ", []),
    ],
)  # fmt: skip
def test_phrases_prefixes_and_excluded_words(archive: Searched, words: str, found: list[str]) -> None:
    assert archive.titles(words) == found


def test_excluded_words_alone_find_all_others(archive: Searched) -> None:
    assert archive.titles("-cafe -東京") == sorted(set(TEXTS) - {"French", "Decomposed", "Japanese"})


@pytest.mark.parametrize(
    "words",
    [
        'herr"', '"herr', "herr AND", "(herr", "herr)", "herr OR NOT", "NEAR(herr)", "title:herr", "^herr", "{herr}",
        "herr*:", "herr + -", "'herr'", "herr\0", '""', "*", "-", "- herr", "herr ''; DROP TABLE words; --", "herr\\",
        "\udcffherr", '-"', '"*"', "**", "-**", "herr 🙂", "\ufe0f",
    ],
)  # fmt: skip
def test_no_query_is_an_error(archive: Searched, words: str) -> None:
    archive.find(words)


@pytest.mark.parametrize("words", ['"herr', "(herr", "herr)", "^herr", "{herr}", "'herr'", "herr + -", "herr 🙂"])
def test_signs_that_fts5_would_reject_are_taken_literally(archive: Searched, words: str) -> None:
    assert archive.titles(words) == ["German"]


def test_operators_of_fts5_are_words(archive: Searched) -> None:
    assert archive.titles("herr OR cafe") == []
    assert archive.titles("link AND code") == ["Marks"]


def test_one_word_is_also_one_word_for_sqlite() -> None:
    """A single word is searched in a table without word positions. If SQLite divided it, FTS5 would report an error."""
    characters = [char for char in map(chr, range(sys.maxunicode + 1)) if is_one_word(char)]
    assert len(characters) > 90_000
    index = sqlite3.connect(":memory:")
    index.execute(f'CREATE VIRTUAL TABLE words USING fts5(text, tokenize="{TOKENIZER}")')
    index.execute("INSERT INTO words VALUES(?)", (" ".join(f"a{char}b" for char in characters),))
    index.execute("CREATE VIRTUAL TABLE instance USING fts5vocab(words, instance)")
    assert index.execute("SELECT count(*) FROM instance").fetchone() == (len(characters),)
    index.close()
