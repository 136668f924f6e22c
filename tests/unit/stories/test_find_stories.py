"""Articles of several sites about one event form a group. Other articles do not."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from feedarchive.stories import similar_pairs as pairs_module
from feedarchive.stories.find_stories import find_stories
from feedarchive.stories.similar_pairs import Text, similar_pairs
from feedarchive.stories.words import words_of

BRIDGE = (
    Text("a", "a.example", "Council votes to rebuild the old stone bridge", "The bridge in Oldtown closes until May."),
    Text("b", "b.example", "Oldtown council votes for rebuilding of stone bridge", "The old bridge closes until May."),
    Text("c", "c.example", "Old stone bridge in Oldtown to be rebuilt", "The council votes: it closes until May."),
)
_SUBJECTS = "flour comet ferry museum harvest library tram orchestra lighthouse market school glacier".split()
_VERBS = "opens closes sinks wins loses grows shrinks returns".split()


def other_news(number: int, seed: int = 1) -> list[Text]:
    """Unrelated articles, which share only frequent words."""
    random = Random(seed)
    return [
        Text(
            f"n{n:04}",
            f"site{n % 17}.example",
            f"{random.choice(_SUBJECTS)} {n} {random.choice(_VERBS)} and the {random.choice(_SUBJECTS)}{n} is in",
            " ".join(random.choice(_SUBJECTS) + str(random.randrange(500)) for _ in range(8)),
        )
        for n in range(number)
    ]


def test_articles_about_one_event_are_a_group_in_any_order() -> None:
    texts = [*BRIDGE, *other_news(60)]
    for seed in range(5):
        Random(seed).shuffle(texts)
        assert find_stories(texts) == [("a", "b", "c")]


@pytest.mark.parametrize("others", [0, 1, 5])
def test_the_same_words_are_one_story_on_a_small_day_too(others: int) -> None:
    first = BRIDGE[0]
    second = Text("z", "z.example", first.title, first.description)
    assert find_stories([first, second, *other_news(others)]) == [("a", "z")]


@pytest.mark.parametrize(
    "title",
    [
        "The week in pictures: the best photos of our readers, part {}",
        "Daily briefing {}: what you need to know today",
        "Release 2.14.{} of the example server is available for download",
    ],
)
def test_a_series_of_one_site_is_no_story(title: str) -> None:
    series = [Text(f"k{n}", "one.example", title.format(n), "") for n in range(3)]
    assert find_stories([*series, *other_news(40)]) == []


def test_short_titles_that_are_the_same_by_chance_are_no_story() -> None:
    texts = [
        Text("a", "a.example", "Weekly notes for 2025-12-25", ""),
        Text("b", "b.example", "Weekly notes for 2025-12-25", ""),
    ]
    assert find_stories([*texts, *other_news(40)]) == []


def test_there_are_no_chains() -> None:
    """The middle article is similar to both others, which are not similar to each other."""
    first = Text("a", "a.example", "alpha bravo charlie delta echo foxtrot", "")
    middle = Text("b", "b.example", "alpha bravo charlie delta echo golf hotel india juliett kilo", "")
    last = Text("c", "c.example", "golf hotel india juliett kilo lima", "")
    texts = [first, middle, last, *other_news(40)]
    similar = {(texts[p.first].key, texts[p.second].key) for p in similar_pairs(texts)}
    assert similar == {("a", "b"), ("b", "c")}
    assert len(find_stories(texts)) == 1
    assert len(find_stories(texts)[0]) == 2


def test_words_without_spaces_are_compared() -> None:
    texts = [
        Text("a", "a.example", "東京で大雪、新幹線が全線で運転見合わせ", ""),
        Text("b", "b.example", "大雪で新幹線が全線運転見合わせ、東京", ""),
        Text("c", "c.example", "京都の寺で新しい庭が公開された", ""),
    ]
    assert find_stories([*texts, *other_news(40)]) == [("a", "b")]
    assert words_of("大雪 the Ｓnow", "") == ["大雪", "the", "snow"]


def test_the_index_finds_what_a_comparison_of_all_pairs_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(7)
    words = [f"w{n}" for n in range(120)]

    def text(number: int) -> Text:
        title = " ".join(random.choices(words[: 20 + number % 100], k=8))
        return Text(f"{number:03}", f"s{number % 9}", title, " ".join(random.choices(words, k=number % 12)))

    texts = [text(number) for number in range(250)]
    found = similar_pairs(texts)
    every = [(a, b) for a, b in combinations(range(len(texts)), 2) if texts[a].site != texts[b].site]
    monkeypatch.setattr(pairs_module, "_candidates", lambda *_: iter(every))
    assert sorted(found) == sorted(similar_pairs(texts))
    assert len(found) > 20


def test_a_site_cannot_make_a_build_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def counted(texts: list[Text]) -> list[pairs_module.Pair]:
        compared.append(len(texts))
        return similar_pairs(texts)

    monkeypatch.setattr("feedarchive.stories.find_stories.similar_pairs", counted)
    flood = [Text(f"f{n:05}", "flood.example", f"the same words in every one of these {n}", "") for n in range(5_000)]
    first = Text("e", "flood.example", BRIDGE[0].title, BRIDGE[0].description)
    texts = [first, *flood, *BRIDGE, *other_news(60)]
    assert find_stories(texts) == find_stories(texts[::-1]) == [("a", "b", "c", "e")]
    assert compared == [300 + 3 + 60] * 2


def test_a_day_with_too_many_similar_texts_has_no_stories(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs_module, "_MAX_CANDIDATES", 2)
    assert find_stories([*BRIDGE, *other_news(60)]) == []
