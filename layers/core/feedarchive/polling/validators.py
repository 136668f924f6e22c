"""The validators of conditional GET (RFC 9110, section 8.8): ETag and Last-Modified. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MAX_LENGTH = 2000  # characters; storing and sending a longer validator would cost more than it saves
_UNSENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]")


@dataclass(frozen=True)
class Validators:
    """The ETag and Last-Modified of the last document.

    They are sent only to ``url``, a URL without secrets; "" means the first URL that is requested.
    """

    etag: str = ""
    last_modified: str = ""
    url: str = ""

    def headers(self) -> dict[str, bytes]:
        """The headers of a conditional GET.

        The values are bytes: as text, the requests library rejects some valid ones.
        """
        validators = {"If-None-Match": sendable(self.etag), "If-Modified-Since": sendable(self.last_modified)}
        return {name: value.encode("latin-1") for name, value in validators.items() if value}


NO_VALIDATORS = Validators()


def sendable(validator: str) -> str:
    """The validator as it was received. Returns "" if it is too long, or if HTTP does not allow to send it back."""
    return "" if len(validator) > _MAX_LENGTH or _UNSENDABLE.search(validator) else validator.rstrip(" \t")
