"""Each version of an edited article is kept: what counts as an edit, and when a revision is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feedarchive.archive.revision_changes import changes_since
from feedarchive.article.article import Article
from feedarchive.article.file_names import version_of
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver, articles
from tests.harness.feed_documents import Item

SITE = "https://example.org"
BRIDGE = Item("A bridge", link=f"{SITE}/bridge", guid="tag:1", text="The council decided to rebuild it by spring.")
EDITED = replace(BRIDGE, text="The council decided to rebuild it by summer.")
AGAIN = replace(BRIDGE, text="The council decided to rebuild it by autumn.")
FOURTH = replace(BRIDGE, text="The council decided not to rebuild it.")
# Unchanged entries, so that one edit is not most of the document.
REST = [Item(f"Rest {n}", link=f"{SITE}/rest/{n}", text=f"Nothing happened in {n}.") for n in range(6)]


def wordings(store: Store) -> list[str]:
    """The body of each version of the article about the bridge, the first version first."""
    found = {version_of(k): body_of(d.decode()).strip() for k, d in articles(store).items() if "a-bridge" in k}
    return [found[number] for number in sorted(found)]


def poll(archiver: FeedArchiver, *items: Item, **feed: object) -> object:
    return archiver.poll(*items, *REST, **feed)  # type: ignore[arg-type]


def test_an_edit_is_a_new_file_in_the_folder_of_its_day(archiver: FeedArchiver, clock: Clock) -> None:
    poll(archiver, BRIDGE)
    before = articles(archiver.store)
    clock.move(days=2)
    poll(archiver, EDITED)
    (key,) = articles(archiver.store).keys() - before.keys()
    first = next(k for k in before if "a-bridge" in k)
    assert key == first.replace("/25/", "/27/").replace(".md", ".r2.md")
    fields = parse_front_matter(articles(archiver.store)[key].decode())
    assert (fields["revision"], fields["previous"]) == (2, first)
    assert {k: v for k, v in articles(archiver.store).items() if k in before} == before


def test_a_revision_says_how_many_words_changed_and_the_title_before(archiver: FeedArchiver, clock: Clock) -> None:
    poll(archiver, BRIDGE)
    for item in (replace(EDITED, title="The bridge"), replace(AGAIN, title="The bridge")):
        clock.move(days=1)
        poll(archiver, item)
    files = {version_of(key): data.decode() for key, data in articles(archiver.store).items() if "a-bridge" in key}
    names = ("words_added", "words_removed", "previous_title")
    found = {number: tuple(parse_front_matter(text).get(name) for name in names) for number, text in files.items()}
    assert found == {1: (None, None, None), 2: (2, 2, "A bridge"), 3: (1, 1, None)}


def test_changes_of_extremely_long_texts_are_not_counted() -> None:
    body = "a " * 300_000
    before = f'---\ntitle: "A"\n---\n{body}\n'.encode()
    assert changes_since(before, Article("", "A", "", "", "", "", "", f"{body} b", "")) is None


def test_the_changes_since_a_truncated_file_are_unknown() -> None:
    assert changes_since(b'---\ntitle: "A"\n---\nThe text', Article("", "A", "", "", "", "", "", "b", "")) is None


def test_a_second_wording_of_one_document_is_a_revision_when_it_comes_alone(archiver: FeedArchiver) -> None:
    first = Item("One", link="https://example.org/one", text="The first words of it.")
    second = replace(first, text="Other words of the same, and more of them.")
    assert archiver.poll(first, second).new == 1
    assert archiver.poll(second).revised == 1


def test_an_edit_is_kept_once(archiver: FeedArchiver, clock: Clock) -> None:
    for item in (BRIDGE, EDITED, EDITED, EDITED):
        poll(archiver, item)
        clock.move(minutes=30)
    assert wordings(archiver.store) == [BRIDGE.text, EDITED.text]


@pytest.mark.parametrize(
    "other",
    [
        replace(BRIDGE, text="<p>The <b>council</b> decided, to rebuild it; by SPRING!</p>"),
        replace(BRIDGE, link=f"{SITE}/bridge?utm_source=rss"),
        replace(BRIDGE, date="Fri, 26 Dec 2025 08:00:00 GMT"),
        replace(
            BRIDGE,
            text="<a href='https://example.org/?utm_campaign=2'>The council</a> decided to rebuild it by spring.",
        ),
    ],
)
def test_markup_trackers_and_dates_make_no_revision(archiver: FeedArchiver, other: Item) -> None:
    poll(archiver, BRIDGE)
    poll(archiver, other)
    assert len(wordings(archiver.store)) == 1


def test_a_digit_is_an_edit(archiver: FeedArchiver) -> None:
    poll(archiver, replace(BRIDGE, text="The toll is 84."))
    poll(archiver, replace(BRIDGE, text="The toll is 85."))
    assert wordings(archiver.store) == ["The toll is 84.", "The toll is 85."]


def test_an_earlier_wording_is_archived_again_after_a_day_only(archiver: FeedArchiver, clock: Clock) -> None:
    for item in (BRIDGE, EDITED, BRIDGE, EDITED, BRIDGE):
        poll(archiver, item)
        clock.move(hours=1)
    assert wordings(archiver.store) == [BRIDGE.text, EDITED.text]
    clock.move(hours=20)
    poll(archiver, BRIDGE)
    poll(archiver, BRIDGE)
    assert wordings(archiver.store) == [BRIDGE.text, EDITED.text, BRIDGE.text]


def test_after_the_third_version_there_are_two_hours_between_versions(archiver: FeedArchiver, clock: Clock) -> None:
    for item in (BRIDGE, EDITED, AGAIN):
        poll(archiver, item)
    for minutes in (0, 60, 59):
        clock.move(minutes=minutes)
        poll(archiver, FOURTH)
        assert len(wordings(archiver.store)) == 3
    clock.move(minutes=1)
    poll(archiver, FOURTH)
    assert wordings(archiver.store) == [BRIDGE.text, EDITED.text, AGAIN.text, FOURTH.text]


@pytest.mark.parametrize("minutes", [15, 30, 60])
def test_a_title_that_the_feed_had_for_two_hours_is_kept_soon_after_another_version(
    folder_store: FolderStore, clock: Clock, minutes: int
) -> None:
    """The title changes two minutes after a poll, and again two hours later. The text changes all the time."""
    archiver, start = FeedArchiver(folder_store, clock), clock()
    polls = range(0, 400, minutes)
    for minute in polls:
        clock.now = start + timedelta(minutes=minute)
        title = "A bridge" if minute < 122 else "A bridge falls" if minute < 242 else "A bridge is saved"
        poll(archiver, replace(BRIDGE, title=title, text=f"Text at {'x' * minute}."))
    titles = [parse_front_matter(data.decode())["title"] for data in articles(folder_store).values()]
    assert "A bridge falls" in titles
    assert "A bridge is saved" in titles


def test_an_article_that_is_held_back_is_named_once(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(folder_store, clock)
    problems = []
    for number in range(60):
        result = archiver.poll(replace(BRIDGE, text=f"Live: {'x' * number}."), *REST)
        problems += result.problems
        clock.move(minutes=15)
    assert [problem.kind for problem in problems] == ["held-back"]
    assert problems[0].detail.endswith(
        "archived: the last version is too recent; a later poll archives the newest wording"
    )
    assert len(wordings(folder_store)) == 8


def test_the_number_of_versions_is_unlimited(archiver: FeedArchiver, clock: Clock) -> None:
    for number in range(30):
        poll(archiver, replace(BRIDGE, text=f"The siege goes on {'x' * number}."))
        clock.move(days=1)
    assert len(wordings(archiver.store)) == 30


def test_revisions_can_be_turned_off(archiver: FeedArchiver) -> None:
    poll(archiver, BRIDGE, revisions=False)
    poll(archiver, EDITED, revisions=False)
    assert len(wordings(archiver.store)) == 1


def test_only_the_feed_that_claimed_an_article_revises_it(archiver: FeedArchiver) -> None:
    poll(archiver, BRIDGE, url=f"{SITE}/news.xml")
    for item in (EDITED, AGAIN):
        poll(archiver, item, url=f"{SITE}/city.xml")
    assert len(wordings(archiver.store)) == 1
    poll(archiver, EDITED, url=f"{SITE}/news.xml")
    assert len(wordings(archiver.store)) == 2


def test_a_summary_feed_before_a_full_text_feed(archiver: FeedArchiver) -> None:
    full = replace(BRIDGE, text=f"{BRIDGE.text} {'It will cost a lot, and the mayor says why. ' * 5}".strip())
    poll(archiver, BRIDGE, url=f"{SITE}/summaries.xml")
    poll(archiver, full, url=f"{SITE}/full.xml")
    assert wordings(archiver.store) == [BRIDGE.text, full.text]
    for _ in range(2):  # each feed still has its own text
        poll(archiver, BRIDGE, url=f"{SITE}/summaries.xml")
        poll(archiver, replace(full, text=f"{full.text} And so on. " * 3), url=f"{SITE}/full.xml")
    assert wordings(archiver.store) == [BRIDGE.text, full.text]


def test_a_damaged_document_makes_no_revision_but_the_next_intact_one_does(
    folder_store: FolderStore, clock: Clock
) -> None:
    archiver = FeedArchiver(folder_store, clock)
    poll(archiver, BRIDGE)
    archiver.damaged = True
    poll(archiver, EDITED)
    assert len(wordings(folder_store)) == 1
    archiver.damaged = False
    poll(archiver, EDITED)
    assert wordings(folder_store) == [BRIDGE.text, EDITED.text]
