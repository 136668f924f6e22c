"""What a publisher edits is kept, each version once: the rules of revisions and every race between them."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from clock import Clock
from feedarchive.archive.revisions import Verdict, Version, decide
from feedarchive.article.file_names import version_of
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from frail import FULL_DISK, FrailStore, Killed
from press import Item, Press, articles, everything

SITE = "https://example.org"
BRIDGE = Item("A bridge", link=f"{SITE}/bridge", guid="tag:1", text="The council decided to rebuild it by spring.")
EDITED = replace(BRIDGE, text="The council decided to rebuild it by summer.")
AGAIN = replace(BRIDGE, text="The council decided to rebuild it by autumn.")
FOURTH = replace(BRIDGE, text="The council decided not to rebuild it.")
# Entries that stay as they are, so that one edit is not "most of them".
REST = [Item(f"Rest {n}", link=f"{SITE}/rest/{n}", text=f"Nothing happened in {n}.") for n in range(6)]


@pytest.fixture(params=["with state", "state lost at every poll"])
def press(request: pytest.FixtureRequest, folder_store: FolderStore, clock: Clock) -> Press:
    return Press(folder_store, clock, forgetful=request.param != "with state")


def wordings(store: Store) -> list[str]:
    """The body of each version of the bridge, by number."""
    found = {version_of(k): body_of(d.decode()).strip() for k, d in articles(store).items() if "a-bridge" in k}
    return [found[number] for number in sorted(found)]


def show(press: Press, *items: Item, **feed: object) -> object:
    return press.poll(*items, *REST, **feed)  # type: ignore[arg-type]


def test_an_edit_is_a_new_file_in_the_folder_of_its_day(press: Press, clock: Clock) -> None:
    show(press, BRIDGE)
    before = articles(press.store)
    clock.move(days=2)
    show(press, EDITED)
    (key,) = articles(press.store).keys() - before.keys()
    first = next(k for k in before if "a-bridge" in k)
    assert key == first.replace("/25/", "/27/").replace(".md", ".r2.md")
    fields = parse_front_matter(articles(press.store)[key].decode())
    assert (fields["revision"], fields["previous"]) == (2, first)
    assert {k: v for k, v in articles(press.store).items() if k in before} == before


def test_what_was_a_second_wording_is_a_revision_when_it_stands_alone(press: Press) -> None:
    first = Item("One", link="https://example.org/one", text="The first words of it.")
    second = replace(first, text="Other words of the same, and more of them.")
    assert press.poll(first, second).new == 1
    assert press.poll(second).revised == 1


def test_an_edit_is_kept_once(press: Press, clock: Clock) -> None:
    for item in (BRIDGE, EDITED, EDITED, EDITED):
        show(press, item)
        clock.move(minutes=30)
    assert wordings(press.store) == [BRIDGE.text, EDITED.text]


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
def test_markup_trackers_and_dates_make_no_revision(press: Press, other: Item) -> None:
    show(press, BRIDGE)
    show(press, other)
    assert len(wordings(press.store)) == 1


def test_a_digit_is_an_edit(press: Press) -> None:
    show(press, replace(BRIDGE, text="Toll stands at 84."))
    show(press, replace(BRIDGE, text="Toll stands at 85."))
    assert wordings(press.store) == ["Toll stands at 84.", "Toll stands at 85."]


def test_a_wording_that_flips_back_counts_again_on_a_later_day(press: Press, clock: Clock) -> None:
    for item in (BRIDGE, EDITED, BRIDGE, EDITED, BRIDGE):
        show(press, item)
    assert wordings(press.store) == [BRIDGE.text, EDITED.text]
    clock.move(days=1)
    show(press, BRIDGE)
    assert wordings(press.store) == [BRIDGE.text, EDITED.text, BRIDGE.text]


def test_after_the_third_version_one_a_day(press: Press, clock: Clock) -> None:
    for item in (BRIDGE, EDITED, AGAIN):
        show(press, item)
    held = show(press, FOURTH)
    assert [p.kind for p in held.problems] == ["held-back"]  # type: ignore[attr-defined]
    assert len(wordings(press.store)) == 3
    clock.move(days=1)
    show(press, FOURTH)
    assert wordings(press.store) == [BRIDGE.text, EDITED.text, AGAIN.text, FOURTH.text]


def test_there_is_no_lifetime_limit(press: Press, clock: Clock) -> None:
    for number in range(30):
        show(press, replace(BRIDGE, text=f"Day {number} of the siege."))
        clock.move(days=1)
    assert len(wordings(press.store)) == 30


def test_revisions_can_be_turned_off(press: Press) -> None:
    show(press, BRIDGE, revisions=False)
    show(press, EDITED, revisions=False)
    assert len(wordings(press.store)) == 1


def test_only_the_feed_that_claimed_an_article_revises_it(press: Press) -> None:
    show(press, BRIDGE, url=f"{SITE}/news.xml")
    for item in (EDITED, AGAIN):
        show(press, item, url=f"{SITE}/city.xml")
    assert len(wordings(press.store)) == 1
    show(press, EDITED, url=f"{SITE}/news.xml")
    assert len(wordings(press.store)) == 2


def test_a_summary_feed_before_a_full_text_feed(press: Press) -> None:
    full = replace(BRIDGE, text=f"{BRIDGE.text} {'It will cost a lot, and the mayor says why. ' * 5}".strip())
    show(press, BRIDGE, url=f"{SITE}/summaries.xml")
    show(press, full, url=f"{SITE}/full.xml")
    assert wordings(press.store) == [BRIDGE.text, full.text]
    for _ in range(2):  # each feed goes on showing its own text
        show(press, BRIDGE, url=f"{SITE}/summaries.xml")
        show(press, replace(full, text=f"{full.text} And so on. " * 3), url=f"{SITE}/full.xml")
    assert wordings(press.store) == [BRIDGE.text, full.text]


def test_a_feed_with_a_clock_in_its_text_is_noisy(folder_store: FolderStore, clock: Clock) -> None:
    press = Press(folder_store, clock)
    for minute in range(5):
        items = [
            Item(f"Report {n}", link=f"{SITE}/{n}", text=f"Report {n}. Page made at 10:{minute}.") for n in range(8)
        ]
        tally = press.poll(*items)
        assert [p.kind for p in tally.problems] == (["noisy"] if minute else [])
    assert len(articles(folder_store)) == 8
    # Quiet again: what differs from the archive is kept.
    assert press.poll(*items).revised == 8


def test_a_damaged_document_makes_no_revision_and_the_next_whole_one_does(
    folder_store: FolderStore, clock: Clock
) -> None:
    press = Press(folder_store, clock)
    show(press, BRIDGE)
    press.damaged = True
    show(press, EDITED)
    assert len(wordings(folder_store)) == 1
    press.damaged = False
    show(press, EDITED)
    assert wordings(folder_store) == [BRIDGE.text, EDITED.text]


def test_random_polls_with_and_without_state_end_in_the_same_files(tmp_path: Path) -> None:
    chance = random.Random(7)
    texts = {n: [f"Story {n}, wording {w}." for w in range(6)] for n in range(12)}
    shown = [
        [Item(f"S{n}", link=f"{SITE}/{n}", text=chance.choice(texts[n][: 1 + hour // 6])) for n in range(12)]
        for hour in range(36)
    ]
    # At most a third of the entries are edited from one poll to the next: nobody calls that noisy.
    for hour in range(1, 36):
        for n in range(12):
            if n % 3 != hour % 3:
                shown[hour][n] = shown[hour - 1][n]
    found: list[dict[str, bytes]] = []
    for forget_at in (set(), set(range(36)), set(chance.sample(range(36), 12))):
        clock = Clock()
        press = Press(FolderStore(tmp_path / str(len(found))), clock)
        for hour, items in enumerate(shown):
            if hour in forget_at:
                press.seen.clear()
            press.poll(*items)
            clock.move(hours=3)
        found.append(articles(press.store))
    assert found[0] == found[1] == found[2]
    assert len(found[0]) > 24


# --- races and crashes


def test_two_workers_with_the_same_wording(store: Store, clock: Clock) -> None:
    show(Press(store, clock), BRIDGE)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: show(Press(store, Clock()), EDITED), range(4)))
    assert wordings(store) == [BRIDGE.text, EDITED.text]


def test_two_workers_with_different_wordings(store: Store, clock: Clock) -> None:
    show(Press(store, clock), BRIDGE)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda item: show(Press(store, Clock()), item), (EDITED, AGAIN)))
    first, *later = wordings(store)
    assert first == BRIDGE.text
    assert later
    assert set(later) <= {EDITED.text, AGAIN.text}
    assert len(set(later)) == len(later)
    _claims_say_what_files_say(store)


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize("error", [Killed(), FULL_DISK], ids=["killed", "failed"])
@pytest.mark.parametrize("write", [1, 2, 3])
def test_a_crash_between_claim_and_file_is_healed(
    tmp_path: Path, write: int, error: BaseException, after: bool
) -> None:
    expected, store, clock = FolderStore(tmp_path / "undisturbed"), FolderStore(tmp_path / "archive"), Clock()
    for item in (BRIDGE, EDITED):
        show(Press(expected, clock, forgetful=True), item)
    press = Press(store, clock)
    show(press, BRIDGE)
    frail = Press(FrailStore(store, write, error, after), clock, seen=dict(press.seen))
    with pytest.raises(type(error)):
        show(frail, EDITED)
    if write == 3 or (write == 2 and after):  # claimed: it keeps its place and time
        clock.move(hours=20)
    show(press, EDITED)
    assert everything(store) == everything(expected)


def test_an_interrupted_revision_is_taken_over_with_what_is_seen_now(tmp_path: Path, clock: Clock) -> None:
    store = FolderStore(tmp_path)
    press = Press(store, clock)
    show(press, BRIDGE)
    with pytest.raises(Killed):
        show(Press(FrailStore(store, 1, Killed(), after=True), clock, seen=dict(press.seen)), EDITED)
    show(press, AGAIN)
    assert wordings(store) == [BRIDGE.text, AGAIN.text]
    _claims_say_what_files_say(store)


def test_a_worker_that_was_only_slow_writes_beside_no_other(tmp_path: Path, clock: Clock) -> None:
    """It claimed r2, stalls; another takes the claim over with other words; then the first one writes."""
    store = FolderStore(tmp_path)
    show(Press(store, clock), BRIDGE)

    class StallsBeforeTheFile(FrailStore):
        def create(self, key: str, data: bytes) -> bool:
            created = self._inner.create(key, data)
            if key.endswith(".r2") and created:
                show(Press(_SlowReplace(store, key), clock), AGAIN)
            return created

    class _SlowReplace(FrailStore):
        """Right after the claim is taken over, the slow worker's file appears."""

        def __init__(self, inner: FolderStore, claim: str) -> None:
            super().__init__(inner, 0, FULL_DISK)
            self._claim = claim

        def create(self, key: str, data: bytes) -> bool:
            if key.endswith(".r2.md"):
                edited = data.replace(b"autumn", b"summer").replace(_wording(AGAIN), _wording(EDITED))
                self._inner.create(key, edited)
            return self._inner.create(key, data)

    show(Press(StallsBeforeTheFile(store, 0, FULL_DISK), clock), EDITED)
    assert wordings(store) == [BRIDGE.text, EDITED.text]
    _claims_say_what_files_say(store)
    show(Press(store, clock), AGAIN)
    assert wordings(store) == [BRIDGE.text, EDITED.text, AGAIN.text]


def _wording(item: Item) -> bytes:
    from feedarchive.identity.fingerprint import fingerprint

    return fingerprint(item.title or "", item.text or "").encode()


def _claims_say_what_files_say(store: Store) -> None:
    from feedarchive.archive.claim import ArticleClaim, from_bytes

    for key in store.list("claims/"):
        stored = store.read(key)
        claim = from_bytes(stored.data) if stored else None
        if isinstance(claim, ArticleClaim):
            file = store.read(claim.key)
            assert file is not None
            assert parse_front_matter(file.data.decode())["wording"] == claim.wording


# --- the rules alone

DAY, NEXT = date(2025, 12, 25), date(2025, 12, 26)


@pytest.mark.parametrize(
    ("versions", "feed", "wording", "today", "verdict"),
    [
        ([("a", "1:x", DAY)], "a", "1:x", DAY, Verdict.SAME),
        ([("a", "1:x", DAY)], "a", "1:y", DAY, Verdict.REVISE),
        ([("a", "1:x", DAY)], "a", "2:y", DAY, Verdict.SAME),  # another recipe of fingerprints
        ([("a", "1:x", DAY)], "b", "1:y", DAY, Verdict.IF_FULLER),
        ([("a", "1:x", DAY), ("b", "1:y", DAY)], "b", "1:z", NEXT, Verdict.SAME),
        ([("a", "1:x", DAY), ("b", "1:y", DAY)], "c", "1:z", NEXT, Verdict.SAME),
        ([("a", "1:x", DAY), ("b", "1:y", DAY)], "a", "1:x", NEXT, Verdict.SAME),
        ([("a", "1:x", DAY), ("a", "1:y", DAY)], "a", "1:x", DAY, Verdict.BACK_TODAY),
        ([("a", "1:x", DAY), ("a", "1:y", DAY)], "a", "1:x", NEXT, Verdict.REVISE),
        ([("a", "1:x", DAY), ("a", "1:y", DAY), ("a", "1:z", DAY)], "a", "1:w", DAY, Verdict.ENOUGH_TODAY),
        ([("a", "1:x", DAY), ("a", "1:y", DAY), ("a", "1:z", DAY)], "a", "1:w", NEXT, Verdict.REVISE),
        ([("", "1:x", DAY)], "a", "1:y", DAY, Verdict.REVISE),  # a claim that was made again from its file
    ],
)
def test_the_rules(
    versions: list[tuple[str, str, date]], feed: str, wording: str, today: date, verdict: Verdict
) -> None:
    assert decide([Version(*v) for v in versions], feed, wording, today) is verdict
