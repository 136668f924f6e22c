"""Which words are marked as removed and added."""

from __future__ import annotations

from functools import partial
from random import Random

import pytest

from feedarchive.changes import paragraphs
from feedarchive.changes.text_changes import ChangeKind, Paragraph, Version, compare, version_in
from feedarchive.changes.word_diff import hunks
from feedarchive.changes.words import BREAK
from tests.harness.linear_time import cpu_seconds, takes_less

_SIGNS = {ChangeKind.SAME: "{}", ChangeKind.REMOVED: "[-{}-]", ChangeKind.ADDED: "[+{}+]"}


def _marked(paragraph: Paragraph) -> str:
    return "".join(_SIGNS[run.kind].format(run.text) for run in paragraph)


@pytest.mark.parametrize(
    ("before", "after", "marked", "added", "removed"),
    [
        ("the cat sat", "the old cat sat", ["the [+old+] cat sat"], 1, 0),
        ("it ends by spring.", "it ends by summer.", ["it ends by [-spring-] [+summer+]."], 1, 1),
        ("One. Two.", "One, two.", ["One[-. Two-][+, two+]."], 1, 1),
        ("He said no. He left.", "He said no. He cried. He left.", ["He said no. [+He cried.+] He left."], 2, 0),
        ("He said no. He cried. He left.", "He said no. He left.", ["He said no. [-He cried.-] He left."], 0, 2),
        ("a\n\nthe b\n\nc", "a\n\nc", ["a", "[-the b-]", "c"], 0, 2),
        ("a\n\nc", "a\n\nthe b\n\nc", ["a", "[+the b+]", "c"], 2, 0),
        ("a\n\nb", "a b", ["a", "b"], 0, 0),
        ("", "all new", ["[+all new+]"], 2, 0),
        ("all gone", "", ["[-all gone-]"], 0, 2),
        ("", "", [], 0, 0),
        ("**bold** [link](https://example.org/a)", "bold [link](https://example.org/b)", ["bold link"], 0, 0),
        ("<p>x <b>y</b></p>", "<p>x <i>y</i> z</p>", ["x y [+z+]"], 1, 0),
        ("```\nprint(1)\nprint(2)\n```", "```\nprint(1)\nprint(3)\n```", ["print(1)", "print([-2-][+3+])"], 1, 1),
        ("a \\* b &amp; c", "a \\* b & d", ["a * b & [-c-] [+d+]"], 1, 1),
        ("ein 中文", "ein 中国文", ["ein 中[+国+]文"], 1, 0),
    ],
)
def test_exactly_the_changed_words_are_marked(
    before: str, after: str, marked: list[str], added: int, removed: int
) -> None:
    changes = compare(Version("T", before), Version("T", after))
    assert [_marked(paragraph) for paragraph in changes.paragraphs] == marked
    assert (changes.words_added, changes.words_removed) == (added, removed)


def test_a_changed_cell_of_a_table_is_in_its_row() -> None:
    table = "| What | Amount |\n|---|---|\n| Butter | 10 g |\n| Flour | **20** g |\n"
    changes = compare(Version("T", table), Version("T", table.replace("10 g", "12 g")))
    assert [_marked(each) for each in changes.paragraphs] == [
        "What | Amount", "Butter | [-10-] [+12+] g", "Flour | 20 g",
    ]  # fmt: skip
    assert (changes.words_added, changes.words_removed) == (1, 1)


def test_the_words_of_the_title_count_too() -> None:
    changes = compare(Version("Storm hits coast", "x"), Version("Storm hits the coast", "y"))
    assert _marked(changes.title) == "Storm hits [+the+] coast"
    assert (changes.words_added, changes.words_removed) == (2, 1)


def test_a_version_is_read_from_its_file() -> None:
    assert version_in(b'---\ntitle: "A \\"b\\""\n---\nThe body.\n') == Version('A "b"', "The body.\n")


def test_texts_beyond_the_limit_are_compared_by_paragraphs_first() -> None:
    paragraphs = [f"word{n} and more of it ." for n in range(40)]
    before = f" {BREAK} ".join(paragraphs).split(" ")
    changed = [*paragraphs[:3], "word3 and some of it .", *paragraphs[4:30], "quite another text", *paragraphs[31:]]
    after = f" {BREAK} ".join(changed).split(" ")
    exact = hunks(before, after)
    # 2,000 pairs are enough to compare the 40 paragraphs with each other, but not to compare all words.
    assert hunks(before, after, max_pairs=2_000) == exact
    (replaced,) = hunks(before, after, max_pairs=0)
    assert before[replaced.removed_from : replaced.removed_to][0] == "more"


@pytest.mark.parametrize("long", ["a\n\n" * 1_050, "*word* " * 8_000], ids=["lines", "characters"])
def test_of_extremely_long_texts_the_source_is_compared(long: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits are a tenth of the real ones, so that the test is fast."""
    assert (paragraphs._MAX_LINES, paragraphs._MAX_RENDERED_CHARS) == (20_000, 500_000)
    monkeypatch.setattr(paragraphs, "_MAX_LINES", 2_000)
    monkeypatch.setattr(paragraphs, "_MAX_RENDERED_CHARS", 50_000)
    changes = compare(Version("T", f"{long}*one*"), Version("T", f"{long}*two*"))
    assert (changes.words_added, changes.words_removed) == (1, 1)
    assert _marked(changes.paragraphs[-1]).endswith("*[-one-][+two+]*")


def test_a_hostile_text_is_bounded_and_nothing_is_lost() -> None:
    random = Random(2)
    before, after = (" ".join(random.choice(("a", "b", BREAK + BREAK)) for _ in range(3_000)) for _ in range(2))
    changes = compare(Version("", before), Version("", after))
    for kept, version in ((ChangeKind.REMOVED, before), (ChangeKind.ADDED, after)):
        runs = (run for paragraph in changes.paragraphs for run in (*paragraph, None))
        text = "".join(run.text if run else " " for run in runs if run is None or run.kind in (kept, ChangeKind.SAME))
        assert "".join(text.split()) == "".join(version.split())


def test_long_texts_take_no_more_than_the_limit_on_pairs_allows() -> None:
    random = Random(3)
    before, after = ([str(random.randrange(9)) for _ in range(9_000)] for _ in range(2))
    full = cpu_seconds(partial(hunks, before, after))
    assert takes_less(partial(hunks, before, after, max_pairs=1_000_000), full / 2)
