"""The generated parts of the documentation are up to date, and complete."""

from __future__ import annotations

import re

import pytest

from docs import generate
from feedarchive.health.feed_health import Health
from feedarchive.kinds import Kind

COMMANDS = (
    "init", "add", "remove", "feeds", "import", "export", "check", "preview", "fetch", "complete", "digest", "status",
    "history", "diff", "search", "serve", "forget", "copy", "verify", "repair", "prove", "replay", "completion",
)  # fmt: skip
IN_README = ("init", "add", "feeds", "import", "check", "preview", "fetch", "digest", "status", "forget")


@pytest.mark.parametrize("path", generate.documents(), ids=lambda path: str(path.name))
def test_a_generated_file_is_up_to_date(path: object) -> None:
    assert {p: t for p, t in generate.documents().items() if p == path and p.read_text(encoding="utf-8") != t} == {}, (
        "run make docs"
    )


def test_the_archive_format_has_every_table_once() -> None:
    text = (generate.DOCS / "archive-format.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"<!-- generated: (.*) -->", text)) == sorted(generate.TABLES)


def test_a_table_is_renewed_between_its_markers() -> None:
    text = "Before.\n\n<!-- generated: health -->\nold\n<!-- end -->\n\nAfter.\n"
    renewed = generate.with_tables(text)
    assert renewed.startswith("Before.\n\n<!-- generated: health -->\n| value | meaning |\n| --- | --- |\n| `gone` |")
    assert renewed.endswith("|\n<!-- end -->\n\nAfter.\n")
    assert [f"`{health}`" in renewed for health in Health] == [True] * len(Health)
    with pytest.raises(KeyError):
        generate.with_tables("<!-- generated: moods -->\n<!-- end -->")


@pytest.mark.parametrize("kinds", generate.TABLES.values(), ids=generate.TABLES)
def test_every_kind_has_a_meaning_of_one_line(kinds: type[Kind]) -> None:
    for kind in kinds:
        assert kind.meaning
        assert "\n" not in kind.meaning + kind.advice


def test_the_page_of_the_command_line_has_every_command_and_option() -> None:
    page = generate.cli_page()
    sections = {section.partition("\n")[0]: section for section in page.split("\n## ")}
    assert list(sections)[1:-1] == [f"feedarchive {command}" for command in COMMANDS]
    usage = "feedarchive digest [--archive LOCATION] [--feeds FILE] [--day DAY | --all] [--accept] [-q] [--json]"
    assert f"    {usage}\n" in page
    assert "| `--day DAY` |" in sections["feedarchive digest"]
    assert "| `FILE-or-LINK` |" in sections["feedarchive forget"]
    assert "| `--version` |" in page
    assert "| `130` |" in page


@pytest.mark.parametrize("command", IN_README)
def test_the_readme_names_the_commands_that_most_people_need(command: str) -> None:
    assert f"feedarchive {command}" in (generate.DOCS.parent / "README.md").read_text(encoding="utf-8")
