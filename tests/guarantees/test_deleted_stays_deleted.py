"""What was taken out does not come back: by ``forget``, by an S3 delete, by the retention rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import boto3
import pytest

from clock import Clock
from feedarchive.archive.forget import forget
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store
from frail import FrailStore, Killed
from press import Item, Press, articles

SITE = "https://example.org"
ITEM = Item("A bridge", link=f"{SITE}/a", guid="tag:1")
OTHER = Item("Flour", link=f"{SITE}/b", guid="tag:2")


def test_a_forgotten_article_does_not_come_back(store: Store, clock: Clock) -> None:
    press = Press(store, clock, forgetful=True)
    press.poll(ITEM, OTHER)
    key = next(key for key in articles(store) if "a-bridge" in key)
    result = forget(store, key, clock())
    assert (result.found, result.removed) == (True, (key,))
    for days in (0, 1, 30):
        clock.move(days=days)
        assert press.poll(ITEM, OTHER).new == 0
    assert [k for k in articles(store) if "a-bridge" in k] == []
    assert len(articles(store)) == 1


@pytest.mark.parametrize("asked", [f"{SITE}/a", "http://www.example.org/a/?utm_source=x", "my-archive/{key}", "{key}"])
def test_an_article_is_found_by_any_form_of_its_link_or_path(
    folder_store: FolderStore, clock: Clock, asked: str
) -> None:
    Press(folder_store, clock).poll(ITEM, OTHER)
    key = next(key for key in articles(folder_store) if "a-bridge" in key)
    assert forget(folder_store, asked.format(key=key), clock()).removed == (key,)


def test_by_link_every_article_about_a_page_goes(folder_store: FolderStore, clock: Clock) -> None:
    press = Press(folder_store, clock)
    page = "https://elsewhere.example/x"
    press.poll(Item("One", link=page, guid="1"), Item("Two", link=page, guid="2"), OTHER)
    assert len(forget(folder_store, page, clock()).removed) == 2
    assert len(articles(folder_store)) == 1


def test_revisions_go_with_their_article(folder_store: FolderStore, clock: Clock) -> None:
    Press(folder_store, clock).poll(ITEM, OTHER)
    key = next(key for key in articles(folder_store) if "a-bridge" in key)
    revision = key.replace("/25/", "/26/").replace(".md", ".r2.md")
    folder_store.create(revision, b"a later wording\n")
    assert forget(folder_store, key, clock()).removed == (key, revision)


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_that_a_run_is_writing_goes_too(folder_store: FolderStore, clock: Clock, version: int) -> None:
    """The run has read the claim before it is marked, and writes its file after the others were removed."""
    press = Press(folder_store, clock)
    if version == 2:
        press.poll(ITEM)
        clock.move(days=1)

    class Slow(FrailStore):
        def create(self, key: str, data: bytes) -> bool:
            if not key.startswith("archive/"):
                return super().create(key, data)
            written: list[bool] = []
            result = forget(folder_store, key, clock(), lambda: written.append(super(Slow, self).create(key, data)))
            assert (len(result.removed), written) == (version, [True])
            return True

    press.store = Slow(folder_store, 0, Killed())
    press.poll(replace(ITEM, text="Other words, and more of them."))
    assert articles(folder_store) == {}
    assert Press(folder_store, clock, forgetful=True).poll(ITEM).new == 0


def test_an_interrupted_forget_is_finished_by_the_next(folder_store: FolderStore, clock: Clock) -> None:
    Press(folder_store, clock).poll(ITEM)
    (key,) = articles(folder_store)
    for after in (True, False):  # once right after the mark, once right before the file goes
        with pytest.raises(Killed):
            forget(FrailStore(folder_store, 1, Killed(), after), key, clock())
        assert Press(folder_store, clock, forgetful=True).poll(ITEM).new == 0
    assert forget(folder_store, key, clock()).removed == (key,)
    assert articles(folder_store) == {}


def test_what_leads_nowhere_is_said_to(folder_store: FolderStore, clock: Clock) -> None:
    Press(folder_store, clock).poll(ITEM)
    for asked in (f"{SITE}/unknown", "archive/2025/12/25/example.org/x-000000000000.md", "nonsense", "*"):
        assert not forget(folder_store, asked, clock()).found
    assert len(articles(folder_store)) == 1


def test_an_object_deleted_in_s3_does_not_come_back(bucket: str, clock: Clock) -> None:
    store = open_store(f"s3://{bucket}")
    press = Press(store, clock, forgetful=True)
    press.poll(ITEM)
    (key,) = articles(store)
    boto3.client("s3").delete_object(Bucket=bucket, Key=key)
    for days in (0, 1, 30):
        clock.move(days=days)
        assert press.poll(ITEM).new == 0
    assert articles(store) == {}


def test_what_the_retention_rule_removed_does_not_come_back(folder_store: FolderStore, clock: Clock) -> None:
    press = Press(folder_store, clock, forgetful=True, retention=timedelta(days=30))
    press.poll(ITEM)
    (key,) = articles(folder_store)
    clock.move(days=31)
    folder_store.delete(key)
    assert press.poll(ITEM).new == 0
    assert articles(folder_store) == {}


def test_without_a_mark_a_missing_file_is_an_interrupted_run(folder_store: FolderStore, clock: Clock) -> None:
    """A folder remembers no deletes: that is what ``forget`` is for."""
    press = Press(folder_store, clock, forgetful=True)
    press.poll(ITEM)
    before = articles(folder_store)
    folder_store.delete(*before)
    assert press.poll(ITEM).new == 1
    assert articles(folder_store) == before
