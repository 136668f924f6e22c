"""Why a picture or an enclosure is not stored although it could be fetched. For other reasons see FetchProblem."""

from __future__ import annotations

from feedarchive.kinds import Kind


class MediaProblem(Kind):
    """A value of ``problem`` in a ``.media.json``. Archived files contain the values: never change one."""

    OTHER_TYPE = "other-type", "by its bytes it is not a file of a type that is stored, such as a page in HTML"
    TOO_MANY = "too-many", "it is beyond the first 40 pictures or 10 enclosures of the article"
    TOO_MANY_PIXELS = "too-many-pixels", "it has more than 100,000,000 pixels"
    UNSAFE_SVG = "unsafe-svg", "it is an SVG that is damaged, larger than 2 MiB, or draws without end"
