"""Words that very many articles have: the newest articles are ranked, and nothing is left out or counted wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedarchive.search import find_articles, ranking
from feedarchive.search.filters import Filters
from feedarchive.search.find_articles import Found, find
from feedarchive.search.index_file import index_to_read
from feedarchive.search.matching import matching
from feedarchive.search.query import parse_query
from feedarchive.search.search_archive import SearchedArchive
from feedarchive.search.update_index import update_index
from tests.harness.clock import Clock
from tests.harness.feed_documents import Item
from tests.search.archive import SITE, Searched, searched

ARTICLES, RANKED = 30, 10
QUESTIONS = (
    "bridge",
    '"the bridge"',
    "brid*",
    "bridge the",
    '"the brid"*',
    "bridge -nothing",
    "br* bridge",
    'br* "the bridge"',
    "b*",
    'bridge -"no bridge" -noth*',
)


@pytest.fixture(autouse=True)
def _few_are_ranked(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (find_articles, ranking):
        monkeypatch.setattr(module, "MAX_RANKED", RANKED)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Searched:
    """Each article has the same two words. Article 3 and article 24 have them most often."""
    archive = searched(tmp_path_factory.mktemp("archive"), Clock())
    for number in range(ARTICLES):
        text = "The bridge. " * (9 if number in (3, 24) else 1) + f"It is number {number}. " + "Other words. " * 9
        archive.archiver.poll(Item(f"Article {number:02}", f"{SITE}/{number}", f"tag:{number}", text))
        archive.clock.move(hours=1)
    update_index(archive.folder, "UTC", archive.clock())
    return archive


def asked(archive: Searched, words: str, limit: int, offset: int = 0, filters: Filters = Filters()) -> Found:  # noqa: B008
    with index_to_read(archive.folder) as index:
        return find(index, parse_query(words), filters, limit, offset)


def numbers(found: Found) -> list[int]:
    return [int(hit.title.text[-2:]) for hit in found.hits]


@pytest.mark.parametrize("words", QUESTIONS)
@pytest.mark.parametrize("per_page", [3, 7, 10, 50])
def test_all_pages_together_have_each_article_once(archive: Searched, words: str, per_page: int) -> None:
    pages = [asked(archive, words, per_page, offset) for offset in range(0, ARTICLES, per_page)]
    assert {page.total for page in pages} == {ARTICLES}
    found = [number for page in pages for number in numbers(page)]
    assert sorted(found) == list(range(ARTICLES))
    assert found[RANKED:] == list(range(ARTICLES - RANKED))[::-1]


@pytest.mark.parametrize("words", ["bridge", '"the bridge"', "bridge the", "bridge b*"])
def test_the_best_of_the_newest_is_first(archive: Searched, words: str) -> None:
    assert numbers(asked(archive, words, 3)) == [24, 29, 28]


def test_if_few_articles_match_the_best_of_all_is_first(archive: Searched) -> None:
    for words in ('bridge "number 3"', "bridge number 3", '"bridge it is number 3"', "bridge 3*"):
        assert numbers(asked(archive, words, 1)) == [3], words


@pytest.mark.parametrize("words", QUESTIONS)
def test_filters_do_not_search_once_for_each_article(archive: Searched, words: str) -> None:
    """In SQLite's query plan, "=" marks a search for one rowid. It would run once for each filtered article."""
    query, filters = parse_query(words), Filters(site="example.org", tag="none", since="2025")
    matches, values = matching(query, filters)
    with index_to_read(archive.folder) as index:
        plan = [row[-1] for row in index.execute(f"EXPLAIN QUERY PLAN {matches}", values)]
    searches = [line for line in plan if "VIRTUAL TABLE" in line]
    assert searches
    assert not any("=" in line for line in searches)


def test_facets_are_counted_anew_after_a_change(tmp_path: Path, clock: Clock) -> None:
    archive = searched(tmp_path, clock)
    archive.poll(One="A bridge.", Two="A bridge.")
    searched_archive, query = SearchedArchive(archive.folder, "UTC"), parse_query("bridge")

    def of_sites() -> dict[str, int]:
        found = searched_archive.facets(query, Filters(), archive.clock(), 10)["site"]
        return {each.value: each.number for each in found}

    assert of_sites() == {"example.org": 2}
    archive.archiver.poll(
        Item("More", "https://other.example/1", "1", "A bridge."),
        url="https://other.example/f",
        home="https://other.example/",
    )
    assert of_sites() == {"example.org": 2, "other.example": 1}
    Path(archive.article("More")).unlink()
    assert of_sites() == {"example.org": 2}
