"""The full text of an article is written exactly once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedarchive.archive.claim import ArticleClaim, claim_key, parse_claim
from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.archive.recovery import find_files
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.full_text.write_full_text import FullTextOutcome, archived_full_texts, write_full_text
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.failing_store import FULL_DISK, FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver, articles, everything
from tests.harness.feed_documents import Item
from tests.harness.full_texts import complete, full_texts, page_text, version_keys

SITE = "https://example.org"
ITEM = Item("A bridge", link=f"{SITE}/a", guid="tag:1", text="It was built.")
OTHER = Item("Flour", link=f"{SITE}/b", guid="tag:2", text="It is dear.")
TEXT = "It was built in spring, by eleven people, and painted green."
OTHER_TEXT = "It was built in summer, by twelve people, and painted blue."


def archived_version(store: Store, clock: Clock) -> str:
    """The key of an archived article."""
    FeedArchiver(store, clock).poll(ITEM)
    (key,) = version_keys(store)
    return key


def _claim(store: Store, key: str, name: str = ".full") -> ArticleClaim:
    stored_file = store.read(key)
    assert stored_file is not None
    stored = store.read(claim_key(f"{parse_front_matter(stored_file.data.decode())['id']}{name}"))
    claim = parse_claim(stored.data) if stored else None
    assert isinstance(claim, ArticleClaim)
    return claim


def test_the_file_has_the_articles_keys_and_its_own(folder_store: FolderStore, clock: Clock) -> None:
    version = archived_version(folder_store, clock)
    article = parse_front_matter(articles(folder_store)[version].decode())
    clock.move(days=1)
    assert complete(folder_store, clock, version, TEXT) is FullTextOutcome.CREATED
    ((key, file),) = full_texts(folder_store).items()
    assert key == version.replace("/25/", "/26/").replace(".md", ".full.md")
    fields = parse_front_matter(file)
    assert list(fields)[:8] == list(article)[:8]
    own = {
        "of": version, "page": f"{SITE}/page", "extractor": "tests 1.0", "words": 11,
        "archived": "2025-12-26T10:00:00Z", "wording": fields["wording"],
    }  # fmt: skip
    assert fields == {**article, **own}
    assert fields["wording"] != article["wording"]
    assert body_of(file) == f"{TEXT}\n"
    assert _claim(folder_store, key).key == key


def test_secrets_in_the_urls_of_a_page_are_not_written(folder_store: FolderStore, clock: Clock) -> None:
    version, claims = archived_version(folder_store, clock), ClaimProtocol(folder_store, clock)
    text = replace(page_text(TEXT), page="https://me:pw@example.org/a?token=s3cret", canonical=f"{SITE}/a?jwt=s3cret")
    before = archived_full_texts(claims, str(parse_front_matter(articles(folder_store)[version].decode())["id"]))
    write_full_text(claims, ZoneInfo("UTC"), version, text, before)
    (file,) = full_texts(folder_store).values()
    assert "s3cret" not in file
    assert "pw@" not in file


def test_the_day_is_that_of_the_archives_time_zone(folder_store: FolderStore, clock: Clock) -> None:
    version = archived_version(folder_store, clock)
    clock.move(hours=13, minutes=30)  # 23:30 UTC
    complete(folder_store, clock, version, TEXT, zone="Europe/Berlin")
    (key,) = full_texts(folder_store)
    assert key.startswith("archive/2025/12/26/")


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize("write", [1, 2])
def test_after_an_interruption_at_any_write_the_next_try_finishes_the_work(
    tmp_path: Path, clock: Clock, write: int, after: bool
) -> None:
    undisturbed, store = FolderStore(tmp_path / "undisturbed"), FolderStore(tmp_path / "archive")
    for each in (undisturbed, store):
        version = archived_version(each, clock)
    counting = FailingStore(undisturbed, 0, FULL_DISK)
    complete(counting, clock, version, TEXT)
    assert counting.writes == 2
    with pytest.raises(Killed):
        complete(FailingStore(store, write, Killed(), after), clock, version, TEXT)
    complete(store, clock, version, TEXT)
    assert everything(store) == everything(undisturbed)
    assert complete(store, clock, version, TEXT) is FullTextOutcome.UNCHANGED


def test_a_claim_that_was_taken_over_has_the_facts_of_the_text_that_was_written(
    folder_store: FolderStore, clock: Clock
) -> None:
    version = archived_version(folder_store, clock)
    with pytest.raises(Killed):
        complete(FailingStore(folder_store, 1, Killed(), after=True), clock, version, TEXT)
    clock.move(days=2)
    assert complete(folder_store, clock, version, OTHER_TEXT) is FullTextOutcome.CREATED
    ((key, file),) = full_texts(folder_store).items()
    fields = parse_front_matter(file)
    assert (key[:19], fields["archived"]) == ("archive/2025/12/25/", "2025-12-25T10:00:00Z")
    assert _claim(folder_store, key).wording == fields["wording"]
    assert body_of(file) == f"{OTHER_TEXT}\n"


def test_two_writers_at_once_write_one_file(store: Store, clock: Clock) -> None:
    """Each writer got a different page. No writer had claimed the full text yet when the pages were requested."""
    version = archived_version(store, clock)
    article_id = str(parse_front_matter(articles(store)[version].decode())["id"])
    together = threading.Barrier(4)

    def write(number: int) -> FullTextOutcome:
        claims = ClaimProtocol(store, clock)
        before = archived_full_texts(claims, article_id)
        together.wait()
        return write_full_text(claims, ZoneInfo("UTC"), version, page_text(f"{TEXT} Number {number}."), before)

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(write, range(4)))
    assert outcomes == [FullTextOutcome.ALREADY_ARCHIVED] * 3 + [FullTextOutcome.CREATED]
    ((key, file),) = full_texts(store).items()
    assert _claim(store, key).wording == parse_front_matter(file)["wording"]


def test_of_two_runs_that_got_different_pages_the_later_one_writes_nothing(
    folder_store: FolderStore, clock: Clock
) -> None:
    version = archived_version(folder_store, clock)
    claims, article_id = ClaimProtocol(folder_store, clock), str(_claim_id(folder_store, version))
    before = [archived_full_texts(claims, article_id) for _ in range(2)]
    outcomes = [
        write_full_text(claims, ZoneInfo("UTC"), version, page_text(text), known)
        for text, known in zip((TEXT, OTHER_TEXT), before, strict=True)
    ]
    assert outcomes == [FullTextOutcome.CREATED, FullTextOutcome.ALREADY_ARCHIVED]
    (file,) = full_texts(folder_store).values()
    assert body_of(file) == f"{TEXT}\n"


def _claim_id(store: Store, version: str) -> object:
    return parse_front_matter(articles(store)[version].decode())["id"]


def test_a_changed_text_is_a_new_file_with_the_next_number(folder_store: FolderStore, clock: Clock) -> None:
    version = archived_version(folder_store, clock)
    complete(folder_store, clock, version, TEXT)
    clock.move(days=1)
    assert complete(folder_store, clock, version, f"**{TEXT}** ![](https://example.org/x.png)") is (
        FullTextOutcome.UNCHANGED
    )
    assert complete(folder_store, clock, version, OTHER_TEXT) is FullTextOutcome.CREATED
    first, second = full_texts(folder_store)
    assert second == first.replace("/25/", "/26/").replace(".full.md", ".full.r2.md")
    fields = parse_front_matter(full_texts(folder_store)[second])
    assert (fields["revision"], fields["previous"]) == (2, first)
    assert _claim(folder_store, second, ".full.r2").key == second


def test_a_truncated_claim_is_made_again_from_the_full_text(folder_store: FolderStore, clock: Clock) -> None:
    version = archived_version(folder_store, clock)
    complete(folder_store, clock, version, TEXT)
    (key,) = full_texts(folder_store)
    lost = _claim(folder_store, key)
    name = f"{parse_front_matter(articles(folder_store)[version].decode())['id']}.full"
    (Path(folder_store.location) / claim_key(name)).write_bytes(b'{"key": "arch')
    recovered = find_files(folder_store, name).claim
    assert recovered is not None
    assert vars(recovered) == {**vars(lost), "feed": ""}
    assert complete(folder_store, clock, version, OTHER_TEXT) is FullTextOutcome.ALREADY_ARCHIVED
    assert list(full_texts(folder_store)) == [key]


def claim_of(store: Store, name: str) -> ArticleClaim:
    stored = store.read(claim_key(name))
    claim = parse_claim(stored.data) if stored else None
    assert isinstance(claim, ArticleClaim)
    return claim


def test_the_claim_of_an_article_is_not_made_from_its_full_text(folder_store: FolderStore, clock: Clock) -> None:
    version = archived_version(folder_store, clock)
    complete(folder_store, clock, version, TEXT)
    name = str(_claim_id(folder_store, version))
    lost = claim_of(folder_store, name)
    (Path(folder_store.location) / claim_key(name)).write_bytes(b'{"key": "arch')
    assert FeedArchiver(folder_store, clock, stateless=True).poll(ITEM).new == 0
    assert vars(claim_of(folder_store, name)) == {**vars(lost), "feed": ""}


def test_a_truncated_full_text_is_written_again_in_its_place(folder_store: FolderStore, clock: Clock) -> None:
    version = archived_version(folder_store, clock)
    complete(folder_store, clock, version, TEXT)
    ((key, file),) = full_texts(folder_store).items()
    (Path(folder_store.location) / key).write_text(file[:-20], encoding="utf-8")
    clock.move(days=30)
    assert complete(folder_store, clock, version, TEXT) is FullTextOutcome.CREATED
    assert full_texts(folder_store) == {key: file}


def test_a_full_text_is_no_version_of_its_article(folder_store: FolderStore, clock: Clock) -> None:
    version = archived_version(folder_store, clock)
    complete(folder_store, clock, version, TEXT)
    archiver = FeedArchiver(folder_store, clock, stateless=True)
    assert archiver.poll(ITEM).new == 0
    clock.move(days=1)
    assert archiver.poll(replace(ITEM, text="It was built again."), OTHER).revised == 1
    endings = [key.rpartition("/")[2].partition(".")[2] for key in version_keys(folder_store)]
    assert sorted(endings) == ["md", "md", "r2.md"]
