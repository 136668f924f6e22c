"""The file with the answers to `make deploy`: the SAM CLI reads it, and git does not track it."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path

from deployment.answers import FILE, Answers, read_answers, write_answers
from deployment.template import PROJECT

ANSWERS = Answers("my-stack", "eu-central-1", {"Email": "me@example.org", "TimeZone": "Europe/Berlin"})


def test_answers_are_read_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "answers.toml"
    assert read_answers(file) is None
    write_answers(ANSWERS, file)
    assert read_answers(file) == ANSWERS


def test_the_file_has_the_settings_of_samconfig(tmp_path: Path) -> None:
    write_answers(ANSWERS, tmp_path / "answers.toml")
    own, shared = (
        tomllib.loads(path.read_text())["default"]["deploy"]["parameters"]
        for path in (tmp_path / "answers.toml", PROJECT / "samconfig.toml")
    )
    assert shared.items() <= own.items()
    assert own["parameter_overrides"] == ["Email=me@example.org", "TimeZone=Europe/Berlin"]


def test_git_does_not_track_the_file() -> None:
    ignored = subprocess.run(["git", "check-ignore", "-q", FILE.name], cwd=PROJECT, check=False)
    assert ignored.returncode == 0
