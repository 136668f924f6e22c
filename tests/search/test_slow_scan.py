"""Search finds in generated texts exactly what a slow scan of all files finds."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.search.filters import Filters
from feedarchive.search.find_articles import find
from feedarchive.search.index_file import index_to_read
from feedarchive.search.query import parse_query
from feedarchive.search.update_index import update_index
from tests.harness.clock import Clock
from tests.harness.feed_documents import Item
from tests.search.archive import searched

QUESTIONS = 1_000
_WORDS = (
    "bridge bridges Bridge café cafe CAFÉ Müller müller river river-bank don't 2025 25 über naïve Öl öl a an old mill "
    "東京 京都 東京都 都庁 大阪 会議 カメラ ｶﾒﾗ 한국 한국어 서울 Ёлка ёлки αθήνα Αθήνα हिन्दी "
    "ไทย ประเทศไทย zoo x_y C++ ﬁn 北京大学"
).split()
_SIGNS = (" ", " ", " ", ", ", ". ", " — ", "/", "", "\n\n", " (", ") ")
_UNSPACED = "[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"
_ACCENTS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True)
class Question:
    """What is typed, and its terms.

    A term is a tuple: whether it is excluded, its text, and whether its last word is only a prefix.
    """

    typed: str
    terms: tuple[tuple[bool, str, bool], ...]


def _text(random: Random) -> str:
    return "".join(random.choice(_WORDS) + random.choice(_SIGNS) for _ in range(random.randint(3, 12)))


def _questions(random: Random) -> Iterator[Question]:
    for _ in range(QUESTIONS):
        typed, terms = [], []
        for _ in range(random.randint(1, 3)):
            word, is_excluded = random.choice(_WORDS), random.random() < 0.25
            is_prefix = random.random() < 0.25
            if is_prefix:
                word = word[: random.randint(1, len(word))]
            is_phrase = random.random() < 0.3
            text = " ".join([*random.choices(_WORDS, k=random.randint(1, 2)), word]) if is_phrase else word
            quoted = f'"{text}"' if is_phrase else text
            typed.append(f"{'-' if is_excluded else ''}{quoted}{'*' if is_prefix else ''}")
            terms.append((is_excluded, text, is_prefix))
        yield Question(" ".join(typed), tuple(terms))


def _plain(text: str) -> str:
    """Lower case without accents. The search uses another method."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFKC", _ACCENTS.sub("", decomposed)).casefold()


def _pattern(text: str, is_prefix: bool) -> re.Pattern[str] | None:
    """A pattern for the words of a term in sequence. Words of scripts without spaces also match inside longer words."""
    words = re.findall(r"(?:(?!_)[\w\u0300-\u036f\u0900-\u097f])+", _plain(text))
    if not words:
        return None
    start = rf"(?:(?<![^\W_])(?<![\u0900-\u097f])|(?<={_UNSPACED}))" if not re.match(_UNSPACED, words[0]) else ""
    end = rf"(?:(?![^\W_])(?![\u0900-\u097f])|(?={_UNSPACED}))"
    if is_prefix or re.match(_UNSPACED, words[-1][-1]):
        end = ""
    pattern = start + re.escape(words[0])
    for before, word in itertools.pairwise(words):
        # A change between scripts with and without spaces is a word boundary, so no space is needed there.
        is_unspaced = bool(re.match(_UNSPACED, before[-1])), bool(re.match(_UNSPACED, word[0]))
        pattern += rf"(?:(?![\u0900-\u097f])[\W_]){'*' if is_unspaced[0] != is_unspaced[1] else '+'}" + re.escape(word)
    return re.compile(pattern + end)


def _is_answer(files: tuple[str, str], question: Question) -> bool:
    """A phrase is in the title or in the text, not partly in both."""
    for is_excluded, text, is_prefix in question.terms:
        pattern = _pattern(text, is_prefix)
        if pattern and is_excluded == any(pattern.search(part) for part in files):
            return False
    return True


@pytest.mark.parametrize("seed", range(2))
def test_generated_questions(tmp_path: Path, seed: int) -> None:
    random, clock = Random(seed), Clock()
    archive = searched(tmp_path, clock)
    for poll in range(3):
        items = [
            Item(_text(random), f"https://example.org/{poll}/{n}", f"{poll} {n}", _text(random)) for n in range(20)
        ]
        archive.archiver.poll(*items)
        clock.move(days=1)
    files = {}
    for path in tmp_path.glob("archive/*/*/*/*/*.md"):
        text = path.read_text(encoding="utf-8")
        body = re.sub(r"\\(.)", r"\1", body_of(text))
        files[path.relative_to(tmp_path).as_posix()] = (_plain(parse_front_matter(text)["title"]), _plain(body))
    assert len(files) == 60
    update_index(tmp_path, "UTC", clock())
    found_any = 0
    with index_to_read(tmp_path) as index:
        for question in list(_questions(random))[: QUESTIONS // 4]:
            found = {hit.key for hit in find(index, parse_query(question.typed), Filters(), 100).hits}
            expected = {key for key, parts in files.items() if _is_answer(parts, question)}
            assert found == expected, question
            found_any += bool(found)
    assert found_any > QUESTIONS // 10
