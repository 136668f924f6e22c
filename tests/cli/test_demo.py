"""The demo: an ordinary day of sample feeds, archived by the real command, each article once."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.feeds.feeds_file import parse_feeds_file
from feedarchive.feeds.starter import starter_feeds
from tests.cli.command import CommandResult, Workspace

DEMO = Path(__file__).parents[2] / "seeds" / "demo" / "demo.py"
PROGRAM = (sys.executable, str(DEMO))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A folder for the demo."""
    return Workspace(tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="module")
def demo(workspace: Workspace) -> CommandResult:
    """The first run of the demo in this folder."""
    result = workspace.run(program=PROGRAM)
    assert result.status == 0, result.stdout + result.stderr
    return result


def _days(workspace: Workspace) -> list[dict[str, Any]]:
    """Every day's digest. There are two if the demo ran over midnight."""
    return [
        json.loads(path.read_text(encoding="utf-8")) for path in workspace.archive.glob("archive/*/*/*/digest.json")
    ]


def test_every_article_of_the_sample_feeds_is_archived_once(workspace: Workspace, demo: CommandResult) -> None:
    # 22 entries, one of which is in two feeds of its site, and two second versions.
    assert len(workspace.articles()) == 23
    assert f"23 files are in {workspace.archive.name}/archive" in demo.stdout
    assert len([key for key in workspace.articles() if "comet" in key]) == 1
    assert {key.split("/")[4] for key in workspace.articles()} == {
        "harbour-gazette.example",
        "tidewater-observatory.example",
        "long-spoon.example",
        "night-train-letters.example",
        "hedgerow-almanac.example",
    }


def test_the_three_polls_find_what_the_demo_announces(demo: CommandResult) -> None:
    summaries = [line.partition("INFO ")[2] for line in demo.stdout.splitlines() if "6 of 6 feeds polled" in line]
    assert summaries == [
        "6 of 6 feeds polled, 20 new, 1 known",
        "6 of 6 feeds polled, 4 unchanged, 1 new, 5 known, 2 revised",
        "6 of 6 feeds polled, 6 unchanged, 0 new",
    ]


@pytest.mark.usefixtures("demo")
def test_the_day_has_new_articles_updates_and_a_backlog(workspace: Workspace) -> None:
    counts = [day["counts"] for day in _days(workspace)]
    assert sum(count["articles"] for count in counts) == 21
    assert sum(count["revisions"] for count in counts) == 2
    assert sum(count["backlog"] for count in counts) == 10
    pages = "".join(path.read_text(encoding="utf-8") for path in workspace.archive.glob("pages/*/*/*/index.html"))
    for heading in ("New", "Updated", "From the backlog"):
        assert f">{heading}<" in pages


def test_the_output_names_files_that_exist(workspace: Workspace, demo: CommandResult) -> None:
    article = next(line for line in demo.stdout.splitlines() if line.startswith("my-archive/archive/"))
    assert (workspace.folder / article).is_file()
    assert (workspace.folder / "my-archive/pages/index.html").is_file()
    assert "open my-archive/pages/index.html" in demo.stdout


@pytest.mark.usefixtures("demo")
def test_the_samples_contain_what_an_article_can_contain(workspace: Workspace) -> None:
    texts = {
        key.rpartition("/")[2]: (workspace.archive / key).read_text(encoding="utf-8") for key in workspace.articles()
    }
    bodies = "\n".join(body_of(text) for text in texts.values())
    assert "| Evening | Height at dusk | Sets at |" in bodies
    assert "```python" in bodies
    assert "![A faint green smudge above the masts of fishing boats](https://" in bodies
    assert "https://media.tidewater-observatory.example/audio/meteors.mp3" in bodies
    assert "[long night](https://long-spoon.example/notes/on-time)" in bodies
    assert "127.0.0.1" not in bodies
    for text in texts.values():
        fields = parse_front_matter(text)
        assert fields["link"].startswith("https://")
        assert fields["published"]
        assert not set("{}") & set(fields["title"])


@pytest.mark.usefixtures("demo")
def test_a_second_demo_writes_nothing_twice(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """To save time, the second demo runs in this process, and its commands run in forks."""
    before = {path: path.read_bytes() for path in workspace.archive.rglob("*.md")}
    monkeypatch.syspath_prepend(DEMO.parent)
    demo = import_module("demo")
    monkeypatch.setattr(demo, "command", lambda *arguments: print(workspace.run(*arguments).stdout))
    monkeypatch.chdir(workspace.folder)
    assert demo.main() == 0
    assert {path: path.read_bytes() for path in workspace.archive.rglob("*.md")} == before
    # Another port is another URL: the feeds are requested in full. Their ids, and so their articles, are the same.
    said = capsys.readouterr().out
    assert "6 of 6 feeds polled, 0 new, 22 known" in said
    assert "6 of 6 feeds polled, 6 unchanged, 0 new" in said


@pytest.mark.usefixtures("demo")
def test_its_archive_continues_with_the_starter_list(workspace: Workspace) -> None:
    feeds = parse_feeds_file((workspace.archive / "feeds.toml").read_text(encoding="utf-8"), "feeds.toml")
    assert feeds == parse_feeds_file(starter_feeds(), "seeds/feeds.toml")


@pytest.mark.parametrize("inside", ["feeds.toml", "holiday.jpg", None])
def test_a_folder_that_the_demo_did_not_make_is_not_changed(tmp_path: Path, inside: str | None) -> None:
    workspace = Workspace(tmp_path)
    existing = workspace.archive / inside if inside else workspace.archive
    existing.parent.mkdir(exist_ok=True)
    existing.write_text("mine\n")
    result = workspace.run(program=PROGRAM)
    assert result.status == 1
    assert "The folder my-archive exists and was not made by the demo: nothing was changed." in result.stdout
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [existing]
    assert existing.read_text() == "mine\n"
