"""The validators of a conditional GET (RFC 9110, section 8.8): ETag and Last-Modified. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A longer validator is not kept, because storing and sending it would cost more than it saves.
_MAX_CHARS = 2000
_UNSENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]")


@dataclass(frozen=True)
class Validators:
    """The ETag and Last-Modified of the last document; "" if the server did not send them.

    ``url``: the URL whose response had the validators, without its secrets; "" means the URL that is polled. The
    validators are never sent to another URL.
    """

    etag: str = ""
    last_modified: str = ""
    url: str = ""

    def headers(self) -> dict[str, bytes]:
        """Return the headers of a conditional GET.

        Their values are bytes, because the requests library rejects some valid values that are strings.
        """
        validators = {"If-None-Match": sendable(self.etag), "If-Modified-Since": sendable(self.last_modified)}
        return {name: value.encode("latin-1") for name, value in validators.items() if value}


NO_VALIDATORS = Validators()


def sendable(validator: str) -> str:
    """Return a validator without blanks at its end; "" if it is too long or has characters that no header may have."""
    return "" if len(validator) > _MAX_CHARS or _UNSENDABLE.search(validator) else validator.rstrip(" \t")
