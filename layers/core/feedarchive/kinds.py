"""An enum whose members carry their own documentation, so that code, advice and docs tables cannot drift apart."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """A kind by its value, which files and reports contain, with one line on what it means and what to do about it."""

    meaning: str
    advice: str

    def __new__(cls, value: str, meaning: str, advice: str = "") -> Kind:
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning, member.advice = meaning, advice
        return member
