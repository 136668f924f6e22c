"""The kinds of damage in an archive: a file that a digest lists is missing or changed, or a digest was lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from feedarchive.json_values import DamagedJSON, JSONObject
from feedarchive.kinds import Kind


class Damage(Kind):
    """What is wrong with a file that a digest lists, or with the digest itself."""

    MISSING = (
        "missing",
        "the file is not there, and was neither forgotten nor deleted by a rule",
        "put it back from a copy with feedarchive repair, or remove it for good with feedarchive forget",
    )
    CHANGED = (
        "changed",
        "the file has another size than the digest says",
        "put the right file back from a copy with feedarchive repair, or accept it with feedarchive digest --day DAY "
        "--accept",
    )
    NOT_AS_ANNOUNCED = (
        "not-as-announced",
        "the digest was lost, and the remaining files differ from the record of the day",
        "put the digest back from a copy with feedarchive repair, or accept the files with feedarchive digest --day "
        "DAY --accept",
    )
    DAY_LOST = (
        "day-lost",
        "neither the digest nor an article of the day is left",
        "put the day back from a copy with feedarchive repair, or accept the loss with feedarchive digest --day DAY "
        "--accept",
    )


@dataclass(frozen=True)
class DamagedFile:
    """A damaged file. ``day`` is the day whose digest lists the file, such as "2025-12-25"."""

    key: str
    day: str
    damage: Damage

    @property
    def line(self) -> str:
        """One line for people: the key of the file, what is wrong, and what to do."""
        return f"{self.key}: {self.damage.meaning}; {self.advice}"

    @property
    def advice(self) -> str:
        """What a person can do about the damage."""
        return self.damage.advice.replace("DAY", self.day)

    def as_json(self) -> dict[str, Any]:
        return {"key": self.key, "day": self.day, "damage": self.damage.value}


def parse_damaged_file(written: JSONObject) -> DamagedFile:
    """Parse an object that ``DamagedFile.as_json`` returned. Raises DamagedJSON."""
    kind = written.text("damage")
    if damage := Damage.of_value(kind):
        return DamagedFile(written.text("key"), written.text("day"), damage)
    raise DamagedJSON(f"unknown damage: {kind!r:.80}")
