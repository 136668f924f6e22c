"""The README, with docs/subscriptions.md, names every command and every option there is."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedarchive.cli.arguments import parser

PROJECT = Path(__file__).parents[2]
README = "".join((PROJECT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/subscriptions.md"))


def _commands(of: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _options(of: argparse.ArgumentParser) -> Iterator[str]:
    for action in of._actions:
        yield from (option for option in action.option_strings if option.startswith("--") and option != "--help")


COMMANDS = dict(_commands(parser()))


def test_there_are_commands_to_look_for() -> None:
    assert set(COMMANDS) >= {"fetch", "forget"}


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_readme_shows_every_command(command: str) -> None:
    assert f"feedarchive {command}" in README


@pytest.mark.parametrize(
    "option", sorted({option for command in (parser(), *COMMANDS.values()) for option in _options(command)})
)
def test_the_readme_names_every_option(option: str) -> None:
    assert option in README
