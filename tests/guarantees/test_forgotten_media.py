"""The pictures of a forgotten article are removed, and those of other articles stay."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from feedarchive.archive.forget import forget
from feedarchive.media.complete_media import MediaOutcome
from feedarchive.media.forget_media import forget_media
from feedarchive.media.remove_unused import remove_unused, removed_objects
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, StoreError
from tests.guarantees.test_media_once import ONE, forget_one
from tests.harness.clock import Clock
from tests.harness.failing_store import FULL_DISK, FailingStore, Killed
from tests.harness.feed_server import RecordedRequest, Response
from tests.harness.media import Completing, Publisher, lists, objects, versions
from tests.media.pictures import png


def test_forgetting_an_article_removes_its_pictures_and_no_others(store: Store, clock: Clock, site: Publisher) -> None:
    site.serve("/shared.png", png(9, 9))
    completing = Completing(store, clock)
    completing.archive(site.article("/a.png", "/shared.png", link="1"), site.article("/shared.png", link="2"))
    completing.run()
    forget_one(store, clock)
    assert [*objects(store).values()] == [png(9, 9)]
    assert len(lists(store)) == 1
    forget_one(store, clock, "https://example.org/2")
    assert objects(store) == {}
    completing.archive(site.article("/a.png", link="1"))
    assert completing.run() == []


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize("write", range(1, 6))
def test_an_interrupted_forgetting_is_finished_by_the_next(
    folder_store: FolderStore, clock: Clock, site: Publisher, write: int, after: bool
) -> None:
    completing = Completing(folder_store, clock)
    completing.archive(site.article("/a.png", link="1"), site.article("/b.svg", link="2"))
    completing.run()
    with pytest.raises(Killed):
        forget_one(FailingStore(folder_store, write, Killed(), after), clock)
    forget_one(folder_store, clock)
    assert len(objects(folder_store)) == len(lists(folder_store)) == len(versions(folder_store)) == 1
    assert completing.run()[0].outcome is MediaOutcome.NOTHING_NEW


def test_forgetting_removes_what_waits_for_another_try(
    folder_store: FolderStore, clock: Clock, site: Publisher
) -> None:
    site.server.responses["/busy.png"] = Response(b"", 503)
    completing = Completing(folder_store, clock)
    completing.archive(site.article("/a.png", "/busy.png"))
    completing.run()
    assert len(objects(folder_store)) == 1
    forget_one(folder_store, clock)
    assert objects(folder_store) == {}
    assert [*folder_store.list("state/media/")] == []


def test_a_picture_that_arrives_after_its_article_was_forgotten_is_removed(
    store: Store, clock: Clock, site: Publisher
) -> None:
    def respond(request: RecordedRequest) -> Response:
        forget_one(store, clock)
        return Response(png(4, 4))

    site.server.responses["/late.png"] = respond
    completing = Completing(store, clock)
    completing.archive(site.article("/a.png", "/late.png"))
    (result,) = completing.run()
    assert result.outcome is MediaOutcome.DELETED
    assert (objects(store), lists(store), versions(store)) == ({}, {}, [])
    assert [*store.list("state/media/")] == []


def test_what_cannot_be_removed_after_a_forgetting_is_reported_and_removed_by_the_next(
    folder_store: FolderStore, clock: Clock, site: Publisher
) -> None:
    """The functions on AWS cannot remove a picture, because they have no permission to delete objects."""

    class MayNotDelete(FailingStore):
        def delete(self, key: str) -> None:
            raise StoreError(f"cannot delete {key}: access denied")

    def respond(request: RecordedRequest) -> Response:
        forget_one(folder_store, clock)
        return Response(png(4, 4))

    site.server.responses["/late.png"] = respond
    completing = Completing(MayNotDelete(folder_store, 0, FULL_DISK), clock)
    completing.archive(site.article("/late.png"))
    with pytest.raises(StoreError, match="run feedarchive forget again"):
        completing.run()
    assert len(objects(folder_store)) == 1
    forget_one(folder_store, clock)
    assert objects(folder_store) == {}


def test_a_picture_that_another_article_uses_is_not_removed_for_a_moment(
    folder_store: FolderStore, clock: Clock, site: Publisher
) -> None:
    deleted = list[str]()

    class Noting(FailingStore):
        def delete(self, key: str) -> None:
            deleted.append(key)
            super().delete(key)

    completing = Completing(folder_store, clock)
    completing.archive(site.article("/a.png", "/b.svg", link="1"), site.article("/a.png", link="2"))
    completing.run()
    forget_one(Noting(folder_store, 0, FULL_DISK), clock)
    assert [key[-4:] for key in deleted if key.startswith("media/")] == [".svg"]


class _Between(FailingStore):
    """Calls a function once, right before or after the first object below ``media/`` is deleted."""

    def __init__(self, inner: Store, then: Callable[[], object], after: bool) -> None:
        super().__init__(inner, 0, FULL_DISK)
        self.then: Callable[[], object] | None = then
        self.is_after = after

    def delete(self, key: str) -> None:
        then = self.then if key.startswith("media/") else None
        if then and not self.is_after:
            self.then = None
            then()
        super().delete(key)
        if then and self.is_after:
            self.then = None
            then()


@pytest.mark.parametrize("after", [False, True])
def test_a_picture_that_another_article_begins_to_use_meanwhile_stays(
    folder_store: FolderStore, clock: Clock, site: Publisher, after: bool
) -> None:
    completing = Completing(folder_store, clock)
    completing.archive(site.article("/a.png", link="1"))
    completing.run()
    completing.archive(site.article("/a.png", link="2"))
    forget_one(_Between(folder_store, completing.run, after), clock)
    assert [*objects(folder_store).values()] == [png(3, 2)]
    assert len(lists(folder_store)) == 1


def test_a_picture_that_was_removed_while_other_pictures_were_fetched_is_fetched_again(
    folder_store: FolderStore, clock: Clock, site: Publisher
) -> None:
    completing = Completing(folder_store, clock)
    completing.archive(site.article("/a.png", link="1"))
    completing.run()

    def respond(request: RecordedRequest) -> Response:
        forget_one(folder_store, clock)
        return Response(png(4, 4))

    site.server.responses["/other.png"] = respond
    completing.archive(site.article("/a.png", "/other.png", link="2"))
    completing.run()
    assert sorted(objects(folder_store).values()) == sorted([png(3, 2), png(4, 4)])


def test_only_what_no_list_names_is_removed(folder_store: FolderStore, clock: Clock, site: Publisher) -> None:
    completing = Completing(folder_store, clock)
    completing.archive(site.article("/a.png"))
    completing.run()

    unused = f"media/ab/ab{'0' * 62}.png"
    folder_store.create_from(unused, io.BytesIO(b"x"))
    used = [key for key in objects(folder_store) if key != unused]
    assert remove_unused(folder_store, objects(folder_store)) == [unused]
    assert [*objects(folder_store)] == used


@pytest.mark.parametrize("damaged", [b"{}\n", b""])
def test_nothing_is_removed_while_the_list_of_another_article_is_damaged(
    folder_store: FolderStore, clock: Clock, site: Publisher, damaged: bytes
) -> None:
    """The damaged list may contain any picture."""
    completing = Completing(folder_store, clock)
    completing.archive(site.article("/a.png", "/b.svg", link="1"), site.article("/a.png", link="2"))
    completing.run()
    of_first = next(key for key, found in lists(folder_store).items() if len(found.items) == 2)
    other = next(key for key in lists(folder_store) if key != of_first)
    (Path(folder_store.location) / other).write_bytes(damaged)
    stored = objects(folder_store)
    assert remove_unused(folder_store, stored) == []
    with removed_objects() as removed:
        forget(folder_store, ONE, clock(), before_files=forget_media(folder_store, removed))
        assert removed.damaged_lists == {other}
    assert objects(folder_store) == stored
