"""The processes that parse documents: they start without secrets, and none stays behind."""

from __future__ import annotations

import errno
import os
import resource
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import LimitExceeded, ParsedDocument
from feedarchive.parsing.pool import ParserPool
from tests.guarantees.test_hard_documents import GOOD, LIMITS, child_processes, request


def test_a_pool_needs_no_folder_for_temporary_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", _no_temporary_file)
    new = ParserPool(1, LIMITS)
    assert new.parse(request(GOOD)) == parse_and_convert(request(GOOD))
    new.close()


def test_a_pool_that_cannot_start_a_process_says_so_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each attempt gets the only place in the pool, so none waits for ever."""
    monkeypatch.setattr(tempfile, "TemporaryFile", _no_temporary_file)
    monkeypatch.delattr(os, "memfd_create", raising=False)
    one = ParserPool(1, LIMITS)
    for _ in range(3):
        exceeded = one.parse(request(GOOD))
        assert isinstance(exceeded, LimitExceeded)
        assert "cannot start a parser process (No space left on device)" in exceeded.reason


def _no_temporary_file() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_the_process_gets_no_secret_of_the_environment_and_no_limit_on_its_whole_cpu_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """``ulimit -S -t`` is meant for the command, not for each process that it starts.

    The process sets no such limit for a document either, because the kernel counts more time than the process measures.
    On a busy machine the difference grows to seconds within minutes.
    """
    pool, before = ParserPool(1, LIMITS), set(child_processes())
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (7777, hard))
    try:
        assert isinstance(pool.parse(request(GOOD)), ParsedDocument)
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
    (child,) = set(child_processes()) - before
    assert b"AWS_" not in Path(f"/proc/{child}/environ").read_bytes()
    assert resource.prlimit(child, resource.RLIMIT_CPU) == (hard, hard)
    pool.close()


def test_a_closed_pool_leaves_no_process_and_can_be_used_again() -> None:
    two, before = ParserPool(2, LIMITS), child_processes()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(two.parse, [request(GOOD)] * 8))
    two.close()
    assert child_processes() == before
    assert isinstance(two.parse(request(GOOD)), ParsedDocument)
    two.close()
