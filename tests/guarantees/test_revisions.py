"""Each version of an edited article is kept once: the rules of revisions, and races between processes."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feedarchive.archive.revision_changes import changes_since
from feedarchive.article.article import Article
from feedarchive.article.choose_text import ChosenText
from feedarchive.article.file_names import version_of
from feedarchive.article.version_1_text import richest_text
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.document.model import Entry
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.failing_store import FULL_DISK, FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver, articles, everything
from tests.harness.feed_documents import Item

SITE = "https://example.org"
BRIDGE = Item("A bridge", link=f"{SITE}/bridge", guid="tag:1", text="The council decided to rebuild it by spring.")
EDITED = replace(BRIDGE, text="The council decided to rebuild it by summer.")
AGAIN = replace(BRIDGE, text="The council decided to rebuild it by autumn.")
FOURTH = replace(BRIDGE, text="The council decided not to rebuild it.")
# Unchanged entries, so that one edit is not most of the document.
REST = [Item(f"Rest {n}", link=f"{SITE}/rest/{n}", text=f"Nothing happened in {n}.") for n in range(6)]


@pytest.fixture(params=["with state", "state lost at every poll"])
def archiver(request: pytest.FixtureRequest, folder_store: FolderStore, clock: Clock) -> FeedArchiver:
    return FeedArchiver(folder_store, clock, stateless=request.param != "with state")


def wordings(store: Store) -> list[str]:
    """The body of each version of the bridge, by number."""
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
        "archived: it has three versions or more and the last one is recent; a later poll archives the newest wording"
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


def test_random_polls_with_and_without_state_give_the_same_files(tmp_path: Path) -> None:
    chance = random.Random(7)
    texts = {n: [f"Story {n}, wording {letter}." for letter in "abcdef"] for n in range(12)}
    documents = [
        [Item(f"S{n}", link=f"{SITE}/{n}", text=chance.choice(texts[n][: 1 + hour // 6])) for n in range(12)]
        for hour in range(36)
    ]
    # At most a third of the entries are edited between two polls, so the feed is not noisy.
    for hour in range(1, 36):
        for n in range(12):
            if n % 3 != hour % 3:
                documents[hour][n] = documents[hour - 1][n]
    found: list[dict[str, bytes]] = []
    for forget_at in (set(), set(range(36)), set(chance.sample(range(36), 12))):
        clock = Clock()
        archiver = FeedArchiver(FolderStore(tmp_path / str(len(found))), clock)
        for hour, items in enumerate(documents):
            if hour in forget_at:
                archiver.seen.clear()
            archiver.poll(*items)
            clock.move(hours=3)
        found.append(articles(archiver.store))
    assert found[0] == found[1] == found[2]
    assert len(found[0]) > 24


# --- races and crashes


def test_two_processes_with_the_same_wording(store: Store, clock: Clock) -> None:
    poll(FeedArchiver(store, clock), BRIDGE)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: poll(FeedArchiver(store, Clock()), EDITED), range(4)))
    assert wordings(store) == [BRIDGE.text, EDITED.text]


def test_two_processes_with_different_wordings(store: Store, clock: Clock) -> None:
    poll(FeedArchiver(store, clock), BRIDGE)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda item: poll(FeedArchiver(store, Clock()), item), (EDITED, AGAIN)))
    first, *later = wordings(store)
    assert first == BRIDGE.text
    assert later
    assert set(later) <= {EDITED.text, AGAIN.text}
    assert len(set(later)) == len(later)
    _check_claims_match_files(store)


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize("error", [Killed(), FULL_DISK], ids=["killed", "failed"])
@pytest.mark.parametrize("write", [1, 2, 3])
def test_the_next_poll_repairs_what_a_crash_left(tmp_path: Path, write: int, error: BaseException, after: bool) -> None:
    expected, store, clock = FolderStore(tmp_path / "undisturbed"), FolderStore(tmp_path / "archive"), Clock()
    for item in (BRIDGE, EDITED):
        poll(FeedArchiver(expected, clock, stateless=True), item)
    archiver = FeedArchiver(store, clock)
    poll(archiver, BRIDGE)
    failing = FeedArchiver(FailingStore(store, write, error, after), clock, seen=dict(archiver.seen))
    with pytest.raises(type(error)):
        poll(failing, EDITED)
    if write == 3 or (write == 2 and after):  # claimed already, so the key and time stay the same
        clock.move(hours=20)
    poll(archiver, EDITED)
    assert everything(store) == everything(expected)


def test_an_interrupted_revision_is_taken_over_with_the_current_text(tmp_path: Path, clock: Clock) -> None:
    store = FolderStore(tmp_path)
    archiver = FeedArchiver(store, clock)
    poll(archiver, BRIDGE)
    with pytest.raises(Killed):
        poll(FeedArchiver(FailingStore(store, 1, Killed(), after=True), clock, seen=dict(archiver.seen)), EDITED)
    poll(archiver, AGAIN)
    assert wordings(store) == [BRIDGE.text, AGAIN.text]
    _check_claims_match_files(store)


def test_a_slow_process_does_not_write_a_second_file(tmp_path: Path, clock: Clock) -> None:
    """It claims r2; another process takes the claim over with another text; then the slow one writes its file."""
    store = FolderStore(tmp_path)
    poll(FeedArchiver(store, clock), BRIDGE)

    steps: list[str] = []

    class SlowAfterClaiming(FailingStore):
        def create(self, key: str, data: bytes) -> bool:
            created = self._inner.create(key, data)
            if key.endswith(".r2") and created:
                poll(FeedArchiver(TakesOver(store, 0, FULL_DISK), clock), AGAIN)
            elif key.endswith(".r2.md"):
                steps.append(f"slow process created its file: {created}")
            return created

    class TakesOver(FailingStore):
        """Takes the claim over. Before it creates the file, the file of the slow process appears."""

        def replace(self, key: str, data: bytes, version: str) -> bool:
            steps.append(f"replaced {key[-3:]}")
            return self._inner.replace(key, data, version)

        def create(self, key: str, data: bytes) -> bool:
            if key.endswith(".r2.md"):
                edited = data.replace(b"autumn", b"summer").replace(_wording(AGAIN), _wording(EDITED))
                assert self._inner.create(key, edited)
            return self._inner.create(key, data)

    poll(FeedArchiver(SlowAfterClaiming(store, 0, FULL_DISK), clock), EDITED)
    # The claim is replaced when it is taken over, and again to match the file of the slow process.
    assert steps == ["replaced .r2", "replaced .r2", "slow process created its file: False"]
    assert wordings(store) == [BRIDGE.text, EDITED.text]
    _check_claims_match_files(store)
    poll(FeedArchiver(store, clock), AGAIN)
    assert wordings(store) == [BRIDGE.text, EDITED.text, AGAIN.text]


def _wording(item: Item) -> bytes:
    from feedarchive.identity.fingerprint import fingerprint

    return fingerprint(item.title or "", item.text or "").encode()


def _check_claims_match_files(store: Store) -> None:
    from feedarchive.archive.claim import ArticleClaim, parse_claim

    for key in store.list("claims/"):
        stored = store.read(key)
        claim = parse_claim(stored.data) if stored else None
        if isinstance(claim, ArticleClaim):
            file = store.read(claim.key)
            assert file is not None
            assert parse_front_matter(file.data.decode())["wording"] == claim.wording


# An archive of a release that chose the text with the most letters: here the caption of the picture.

_CAPTIONED = (
    "<item><title>A bridge</title><link>https://example.org/bridge</link><description>{text}</description>"
    '<media:content url="https://example.org/b.jpg" medium="image"><media:description>{caption}</media:description>'
    "</media:content></item>"
)


def _captioned(
    text: str, caption: str = "A long caption of the picture, with a tower, two cranes and the river."
) -> bytes:
    items = _CAPTIONED.format(text=text, caption=caption) + "".join(item.xml() for item in REST)
    namespace = 'xmlns:media="http://search.yahoo.com/mrss/"'
    return f'<rss version="2.0" {namespace}><channel><link>{SITE}/</link>{items}</channel></rss>'.encode()


def _with_the_old_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    def old_rule(entry: Entry) -> ChosenText:
        return ChosenText(richest_text(entry), entry.summary, richest_text(entry))

    monkeypatch.setattr("feedarchive.parsing.document_entries.choose_text", old_rule)


@pytest.mark.parametrize("change", ["text", "caption"])
def test_an_archive_of_the_old_rule_adopts_the_new_one_silently(
    archiver: FeedArchiver, clock: Clock, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    with monkeypatch.context() as patch:
        _with_the_old_rule(patch)
        archiver.poll_document(_captioned("The council rebuilds it."))
    before = articles(archiver.store)
    assert wordings(archiver.store)[0].startswith("A long caption")
    archiver.entries_by_xml.clear()  # as polling/poll.py does when it loads a state of older text rules
    for _ in range(2):
        clock.move(days=1)
        result = archiver.poll_document(_captioned("The council rebuilds it."))
        assert (result.new, result.revised, result.noisy, result.problems) == (0, 0, False, [])
        assert articles(archiver.store) == before
    clock.move(days=1)
    if change == "caption":
        archiver.poll_document(_captioned("The council rebuilds it.", "Another caption of the same picture."))
        assert articles(archiver.store) == before
    archiver.poll_document(_captioned("The council rebuilds it by spring."))
    assert len(wordings(archiver.store)) == 2
    assert wordings(archiver.store)[1].startswith("The council rebuilds it by spring.")


def test_an_edit_before_the_first_poll_by_the_new_rule_is_kept(
    archiver: FeedArchiver, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _with_the_old_rule(patch)
        archiver.poll_document(_captioned("The council rebuilds it."))
    archiver.entries_by_xml.clear()
    clock.move(days=1)
    archiver.poll_document(_captioned("The council tears it down.", "Another long caption, of the ruins of the tower."))
    assert wordings(archiver.store)[1].startswith("The council tears it down.")
