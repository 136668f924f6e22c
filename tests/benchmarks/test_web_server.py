"""nginx, if installed, and the Python server: the same responses, and each request counted once."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchmarks.peers import web_server
from benchmarks.peers.subscriptions import AFTER, BEFORE, generated


def get(url: str, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers)), timeout=300) as response:
            return response.status, dict(response.headers), response.read()
    except urllib.error.HTTPError as error:
        return error.code, {}, b""


@pytest.mark.parametrize("server", ["nginx", "python"])
@pytest.mark.parametrize(
    ("condition", "validator"), [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")]
)
def test_conditional_requests(
    server: str, condition: str, validator: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if server == "python":
        monkeypatch.setattr(shutil, "which", lambda *args, **keywords: None)
    feeds = generated(tmp_path / "www", 2, entries=2)
    feeds.publish(BEFORE)
    with web_server.serving(tmp_path / "www", tmp_path / "server") as running:
        first, second = feeds.urls(running.port)
        status, headers, body = get(first, {})
        assert (status, body) == (200, (tmp_path / "www" / BEFORE / "feed0.xml").read_bytes())
        assert get(first, {condition: headers[validator]})[0] == 304
        assert get(second, {})[0] == 200
        feeds.publish(AFTER)
        assert get(first, {condition: headers[validator]})[::2] == (
            200,
            (tmp_path / "www" / AFTER / "feed0.xml").read_bytes(),
        )
        assert running.requests() == Counter({"200": 3, "304": 1})
        assert running.requests() == Counter()
