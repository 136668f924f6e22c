"""Read MathML: find its TeX source if it has one, and write it as readable text such as "1/2", "x¹⁰" and "√2"."""

from __future__ import annotations

import re

import lxml.html
from lxml.html import HtmlElement

from feedarchive.markdown.superscripts import to_subscript, to_superscript

_MAX_DEPTH = 40
# Elements whose content is not displayed. Most contain another form of the same formula.
_NOT_DISPLAYED = ("annotation", "annotation-xml", "maction", "none", "mprescripts")
_ROOTS = {"3": "∛", "4": "∜"}
# Some alttext is not TeX but a sentence for screen readers, such as "x squared plus one".
_SENTENCE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
_SIMPLE = re.compile(r"[\w.,′∞]*")
_INVISIBLE_OPERATORS = ("\u2061", "\u2062", "\u2063", "\u2064")
_PRIMES = ("", "′", "″", "‴", "*", "†")
_SPACED = frozenset("= ≠ ≈ ≡ ≤ ≥ < > ∈ ∉ ⊂ ⊆ → ← ↔ ⇒ ⇔ ↦ + − ± ∓ × ⋅ · ÷ ∪ ∩ ∧ ∨ ∼ ≃ ∝ :=".split())


def parse_mathml(source: str) -> HtmlElement | None:
    """Parse a ``<math>`` element. Return None if the parser finds no such element."""
    root = lxml.html.fragment_fromstring(source, create_parent="div")
    return next((element for element in root.iter() if _name(element) == "math"), None)


def tex_of(math: HtmlElement) -> str:
    """Return the TeX source of a formula, from an annotation or from ``alttext``; "" if it has none."""
    for element in math.iter():
        if _name(element) == "annotation" and "tex" in (element.get("encoding") or "").lower():
            return str(element.text_content()).strip()
    alternative = (math.get("alttext") or "").strip()
    return "" if _SENTENCE.search(alternative) and "\\" not in alternative else alternative


def is_display(math: HtmlElement) -> bool:
    """Check whether a formula is displayed on a separate line."""
    return math.get("display") == "block" or math.get("mode") == "display"


def readable_math(math: HtmlElement) -> str:
    """Return a formula as plain text on one line."""
    return " ".join(_text(math, 0).split())


def _text(element: HtmlElement, depth: int) -> str:
    if depth > _MAX_DEPTH:
        return str(element.text_content())
    parts = [_text(child, depth + 1) for child in element if _name(child) not in _NOT_DISPLAYED]
    match _name(element), parts:
        case "mfrac", [numerator, denominator]:
            return f"{_grouped(numerator)}/{_grouped(denominator)}"
        case "msqrt", _:
            return "√" + _grouped("".join(parts))
        case "mroot", [radicand, index]:
            return (_ROOTS.get(index.strip()) or _raised(index) + "√") + _grouped(radicand)
        case "msup" | "mover", [base, over]:
            return base.rstrip() + _raised(over)
        case "msub" | "munder", [base, under]:
            return base.rstrip() + _lowered(under)
        case "msubsup" | "munderover", [base, under, over]:
            return base.rstrip() + _lowered(under) + _raised(over)
        case name, _:
            return _row(element, name, parts)


def _row(element: HtmlElement, name: str, parts: list[str]) -> str:
    text = (element.text or "").strip()
    match name:
        case "mfenced":
            separator = (element.get("separators") or ",").strip()[:1] + " "
            return (element.get("open") or "(") + separator.join(parts) + (element.get("close") or ")")
        case "mtr" | "mlabeledtr":
            return ", ".join(part.strip() for part in parts)
        case "mtable":
            return "; ".join(part.strip() for part in parts)
        case "mspace":
            return " "
        case "mo":
            return _operator(text)
        case "mtext" | "ms":
            return (element.text or "") + "".join(parts)
        case _:
            return text + "".join(parts)


def _name(element: HtmlElement) -> str:
    return element.tag.rpartition(":")[2].lower() if isinstance(element.tag, str) else ""


def _operator(sign: str) -> str:
    if sign in _INVISIBLE_OPERATORS:
        return ""
    return f" {sign} " if sign in _SPACED else f"{sign} " if sign in (",", ";") else sign


def _grouped(text: str) -> str:
    """Put parentheses around a text such as "a+b". A single number or name stays as it is."""
    text = text.strip()
    return text if _SIMPLE.fullmatch(text) or (text[:1] == "(" and text[-1:] == ")") else f"({text})"


def _raised(text: str) -> str:
    """Return the characters of an exponent, such as "¹⁰"; "^(n+1)" if Unicode has no characters for it."""
    text = text.strip()
    return text if text in _PRIMES else to_superscript(text) or "^" + (text if len(text) == 1 else f"({text})")


def _lowered(text: str) -> str:
    text = text.strip()
    return to_subscript(text) or "_" + (text if len(text) == 1 else f"({text})") if text else ""
