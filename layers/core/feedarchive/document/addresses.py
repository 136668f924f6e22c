"""Relative addresses of a document, as far as they can be resolved."""

from __future__ import annotations

from urllib.parse import urljoin


def resolved(base: str, address: str) -> str:
    """The absolute address; "" if there is none, so that nothing points to the feed itself by mistake."""
    try:
        return urljoin(base, address) if address else ""
    except ValueError:  # "http://["
        return ""
