"""``make demo``: the sample feeds, archived for real and once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from command import Desk

from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.feeds.feeds_file import parse_feeds_file
from feedarchive.feeds.starter import starter_feeds

DEMO = (sys.executable, str(Path(__file__).parents[2] / "seeds" / "demo" / "demo.py"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A folder in which the demo has been run once."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    ran = desk.run(program=DEMO)
    assert ran.status == 0, ran.stdout + ran.stderr
    assert f"{len(desk.articles())} articles are in my-archive/archive" in ran.stdout
    shown = [line for line in ran.stdout.splitlines() if line.startswith("my-archive/archive/")]
    assert (desk.folder / shown[0]).is_file()
    page = next(line.split()[-1] for line in ran.stdout.splitlines() if line.endswith("index.html"))
    assert "comet" in (desk.folder / page).read_text(encoding="utf-8")
    assert ran.stderr.splitlines()[-1].endswith("5 of 5 feeds polled, 5 unchanged, 0 new")
    return desk


def test_it_archives_every_entry_of_the_sample_feeds_once(desk: Desk) -> None:
    # 17 entries, one of which is in two feeds of its site.
    assert len(desk.articles()) == 16
    assert len([key for key in desk.articles() if "comet" in key]) == 1
    assert {key.split("/")[4] for key in desk.articles()} == {
        "tidewater-observatory.example",
        "long-spoon.example",
        "night-train-letters.example",
        "hedgerow-almanac.example",
    }


def test_the_samples_show_what_an_article_can_hold(desk: Desk) -> None:
    texts = {key.rpartition("/")[2]: (desk.archive / key).read_text(encoding="utf-8") for key in desk.articles()}
    merge = "\n".join(body_of(text) for text in texts.values())
    assert "| Evening | Height at dusk | Sets at |" in merge
    assert "```python" in merge
    assert "![A faint green smudge above the masts of fishing boats](https://" in merge
    assert "https://media.tidewater-observatory.example/audio/meteors-2025.mp3" in merge
    assert "[long night](https://long-spoon.example/notes/on-time)" in merge
    assert "127.0.0.1" not in merge
    for text in texts.values():
        fields = parse_front_matter(text)
        assert fields["link"].startswith("https://")
        assert "test" not in fields["title"].lower().split()


def test_a_second_demo_writes_nothing_twice(desk: Desk) -> None:
    before = {path: path.read_bytes() for path in desk.archive.rglob("*.md")}
    ran = desk.run(program=DEMO)
    assert ran.status == 0
    assert {path: path.read_bytes() for path in desk.archive.rglob("*.md")} == before
    # Another port is another address: asked in full, and nothing is new, since the feeds have kept their ids.
    assert "5 of 5 feeds polled, 0 new, 17 known" in ran.stderr
    assert "5 of 5 feeds polled, 5 unchanged, 0 new" in ran.stderr


def test_its_archive_goes_on_with_real_feeds(desk: Desk) -> None:
    feeds = parse_feeds_file((desk.archive / "feeds.toml").read_text(encoding="utf-8"), "feeds.toml")
    assert feeds == parse_feeds_file(starter_feeds(), "seeds/feeds.toml")


@pytest.mark.parametrize("inside", ["feeds.toml", "holiday.jpg", None])
def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, inside: str | None) -> None:
    desk = Desk(tmp_path)
    theirs = desk.archive / inside if inside else desk.archive
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_text("mine\n")
    ran = desk.run(program=DEMO)
    assert ran.status == 1
    assert "There is a my-archive here already, and the demo did not make it: it is left as it is." in ran.stdout
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [theirs]
    assert theirs.read_text() == "mine\n"
