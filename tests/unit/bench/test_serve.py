"""The server for machines without nginx, and nginx where it is: the same answers, each request counted once."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from bench import serve
from bench.subscriptions import AFTER, BEFORE, generated


def ask(url: str, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers)), timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {}, b""


@pytest.mark.parametrize("server", ["nginx", "ours"])
@pytest.mark.parametrize(("asked", "told"), [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")])
def test_conditional_requests(
    server: str, asked: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if server == "ours":
        monkeypatch.setattr(shutil, "which", lambda *args, **keywords: None)
    feeds = generated(tmp_path / "www", 2, entries=2)
    feeds.show(BEFORE)
    with serve.serving(tmp_path / "www", tmp_path / "server") as running:
        first, second = feeds.urls(running.port)
        status, headers, body = ask(first, {})
        assert (status, body) == (200, (tmp_path / "www" / BEFORE / "feed0.xml").read_bytes())
        assert ask(first, {asked: headers[told]})[0] == 304
        assert ask(second, {})[0] == 200
        feeds.show(AFTER)
        assert ask(first, {asked: headers[told]})[::2] == (200, (tmp_path / "www" / AFTER / "feed0.xml").read_bytes())
        assert running.requests() == Counter({"200": 3, "304": 1})
        assert running.requests() == Counter()
