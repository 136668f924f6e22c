"""Read and write the file with the answers of `make deploy`. The SAM CLI also reads it; git does not track it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deployment.template import PROJECT

FILE = PROJECT / "samconfig.answers.toml"
_HEAD = """\
# The answers of `make deploy`. Edit or delete this file to change them; further parameters may be added
# (template.yaml describes them).
"""


@dataclass(frozen=True)
class Answers:
    """The stack, its region, and the parameters that differ from their default."""

    stack: str
    region: str
    parameters: Mapping[str, str] = field(default_factory=dict)


def read_answers(file: Path = FILE) -> Answers | None:
    """Return the saved answers; None if there are none."""
    if not file.exists():
        return None
    saved = tomllib.loads(file.read_text(encoding="utf-8"))["default"]["deploy"]["parameters"]
    parameters = dict(each.split("=", 1) for each in saved["parameter_overrides"])
    return Answers(saved["stack_name"], saved["region"], parameters)


def write_answers(answers: Answers, file: Path = FILE) -> None:
    """Save the answers, with the settings of samconfig.toml."""
    shared = tomllib.loads((PROJECT / "samconfig.toml").read_text(encoding="utf-8"))["default"]["deploy"]["parameters"]
    overrides = [f"{name}={value}" for name, value in answers.parameters.items()]
    settings = {**shared, "stack_name": answers.stack, "region": answers.region, "parameter_overrides": overrides}
    lines = [f"{name} = {_toml(value)}" for name, value in settings.items()]
    text = f"{_HEAD}version = 0.1\n\n[default.deploy.parameters]\n" + "\n".join(lines) + "\n"
    file.write_text(text, encoding="utf-8")


def _toml(value: Any) -> str:
    """Write a string, a boolean or a list of strings in TOML. JSON writes them in the same way."""
    return json.dumps(value, ensure_ascii=False)
