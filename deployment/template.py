"""Read the parameters of template.yaml: their defaults, and which values they allow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

PROJECT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Parameter:
    """A parameter as template.yaml describes it."""

    name: str
    default: str
    description: str
    pattern: str
    constraint: str
    allowed: tuple[str, ...] = ()

    def problem(self, value: str) -> str:
        """Return what is wrong with a value; "" if it is valid."""
        if self.allowed and value not in self.allowed:
            return f"{self.name} must be one of {', '.join(self.allowed)}"
        if self.pattern and not re.search(self.pattern, value):
            return f"{self.name} {self.constraint or 'has an invalid value'}"
        if self.name == "TimeZone":
            return _time_zone_problem(value)
        return ""


def read_parameters() -> dict[str, Parameter]:
    """Return the parameters by name."""
    document = yaml.load((PROJECT / "template.yaml").read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    return {name: _parameter(name, found) for name, found in document["Parameters"].items()}


def _parameter(name: str, found: dict[str, Any]) -> Parameter:
    return Parameter(
        name,
        str(found["Default"]),
        " ".join(found["Description"].split()),
        found.get("AllowedPattern", ""),
        found.get("ConstraintDescription", "").rstrip("."),
        tuple(str(each) for each in found.get("AllowedValues", ())),
    )


def _time_zone_problem(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return f"{name!r} is not a time zone: use a name such as Europe/Berlin, or UTC"
    return ""


class _Loader(yaml.SafeLoader):
    """A YAML loader that reads CloudFormation tags such as !Ref as None. The parameters do not use such tags."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)
