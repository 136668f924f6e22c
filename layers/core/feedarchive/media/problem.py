"""The reasons why a picture or an enclosure is not stored. If it could not be fetched, the reason is a FetchProblem."""

from __future__ import annotations

from feedarchive.kinds import Kind


class MediaProblem(Kind):
    """A value of ``problem`` in a list of media. Never change a value such as "too-many": archived files contain it."""

    OTHER_TYPE = "other-type", "files of its type, such as HTML, are not stored (its first bytes show the type)"
    TOO_MANY = "too-many", "only the first 40 pictures and the first 10 enclosures of an article are stored"
    TOO_MANY_PIXELS = "too-many-pixels", "the picture has more than 100,000,000 pixels"
    UNSAFE_SVG = "unsafe-svg", "the SVG is damaged, larger than 2 MiB, or takes a browser too long to draw"
