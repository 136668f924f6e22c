"""Write ruby annotations in parentheses: 漢字(かんじ)."""

from __future__ import annotations

from lxml.html import HtmlElement


def rewrite_ruby(root: HtmlElement) -> None:
    """Put parentheses around each ``<rt>``, if the source has none in ``<rp>``."""
    for annotation in root.iter("rt"):
        before = annotation.getprevious()
        if (before is None or before.tag != "rp") and annotation.text_content().strip():
            first = annotation.text or ""
            annotation.text = f"({first}"
            if len(annotation):
                annotation[-1].tail = (annotation[-1].tail or "") + ")"
            else:
                annotation.text += ")"
