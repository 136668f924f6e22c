"""The base class of enums whose members have explanations. Messages and tables in docs show the explanations."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Kind(StrEnum):
    """An enum whose members have explanations, for example the kinds of problems.

    - ``value``: what files and reports contain.
    - ``meaning``: a line that explains the member.
    - ``advice``: a line on what to do about it; "" if there is nothing to do.
    """

    meaning: str
    advice: str

    def __new__(cls, value: str, meaning: str, advice: str = "") -> Kind:
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning, member.advice = meaning, advice
        return member

    @classmethod
    def of_value(cls, value: str) -> Self | None:
        """Returns the member with this value; None for an unknown value, which another release may have written."""
        try:
            return cls(value)  # type: ignore[call-arg]  # a lookup: __new__ is called only for the members below the class
        except ValueError:
            return None
