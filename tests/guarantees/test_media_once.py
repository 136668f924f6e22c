"""Pictures are stored and listed exactly once after any interruption."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from feedarchive.archive.forget import ForgetResult, forget
from feedarchive.media.complete_media import MediaOutcome
from feedarchive.media.forget_media import forget_media
from feedarchive.media.remove_unused import removed_objects
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.failing_store import FULL_DISK, FailingStore, Killed
from tests.harness.feed_server import RecordedRequest, Response
from tests.harness.media import Completing, Publisher, lists, objects
from tests.media.pictures import png

ONE = "https://example.org/1"


def forget_one(store: Store, clock: Clock, link: str = ONE) -> ForgetResult:
    """Forget an article as the command does, without waiting for other processes."""
    with removed_objects() as removed:
        return forget(store, link, clock(), before_files=forget_media(store, removed))


def everything(store: Store) -> dict[str, bytes]:
    """All objects of a store. The temporary files of a folder store are left out."""
    return {key: b"".join(store.stream(key) or ()) for key in store.list("") if not key.startswith(".tmp/")}


# A run for two pictures writes four times: each picture, the claim of their list, and the list.
@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize("write", range(1, 5))
def test_after_an_interruption_at_any_write_the_next_run_finishes_the_work(
    tmp_path: Path, clock: Clock, site: Publisher, write: int, after: bool
) -> None:
    undisturbed, store = FolderStore(tmp_path / "undisturbed"), FolderStore(tmp_path / "archive")
    for each in (undisturbed, store):
        Completing(each, clock).archive(site.article("/a.png", "/b.svg"))
    counting = FailingStore(undisturbed, 0, FULL_DISK)
    now = clock.now
    Completing(counting, clock).run()
    assert counting.writes == 4
    clock.now = now
    with pytest.raises(Killed):
        Completing(FailingStore(store, write, Killed(), after), clock).run()
    clock.now = now
    Completing(store, clock).run()
    assert everything(store) == everything(undisturbed)
    site.server.requests.clear()
    assert [result.outcome for result in Completing(store, clock).run()] == [MediaOutcome.NOTHING_NEW]
    assert site.server.requests == []


@pytest.mark.parametrize("write", range(1, 8))
def test_the_first_or_second_try_is_interrupted(
    folder_store: FolderStore, clock: Clock, site: Publisher, write: int
) -> None:
    """The first try stores one of two pictures and notes this in the state. The second try writes the list."""
    Completing(folder_store, clock).archive(site.article("/a.png", "/busy.png"))
    site.server.responses["/busy.png"] = Response(b"", 503)
    failing = FailingStore(folder_store, write, Killed(), after=True)
    for _ in range(2):
        try:
            Completing(failing, clock).run()
        except Killed:
            Completing(folder_store, clock).run()
        site.serve("/busy.png", png(5, 5))
    assert sorted(objects(folder_store).values()) == sorted([png(3, 2), png(5, 5)])
    assert len(lists(folder_store)) == 1
    Completing(folder_store, clock).run()
    assert [*folder_store.list("state/media/")] == []


def test_of_two_runs_at_once_one_writes_the_list(store: Store, clock: Clock, site: Publisher) -> None:
    """The server sends other bytes for the same picture to each run, at the same time."""
    Completing(store, clock).archive(site.article("/a.png"))
    both, number = threading.Barrier(2), iter((7, 8))

    def respond(request: RecordedRequest) -> Response:
        both.wait(30)
        return Response(png(next(number), 1))

    site.server.responses["/a.png"] = respond
    with ThreadPoolExecutor(2) as pool:
        results = [*pool.map(lambda _: Completing(store, clock).run()[0], range(2))]
    assert {result.outcome for result in results} == {MediaOutcome.WRITTEN}
    ((key, found),) = lists(store).items()
    assert found.items[0].stored is not None
    assert found.items[0].stored.key in objects(store)
    assert key.endswith(".media.json")
