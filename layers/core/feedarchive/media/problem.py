"""The reasons why a picture or an enclosure is not stored."""

from __future__ import annotations

from feedarchive.kinds import Kind


class MediaProblem(Kind):
    """A value of ``problem`` in a list of media. Never change a value such as "too-many": archived files contain it."""

    OTHER_TYPE = "other-type", "the file has a type that is not stored, such as HTML"
    TOO_MANY = "too-many", "only the first 40 pictures and the first 10 enclosures of an article are stored"
    TOO_MANY_PIXELS = "too-many-pixels", "the picture has more than 100,000,000 pixels"
    UNSAFE_SVG = "unsafe-svg", "the SVG is damaged, larger than 2 MiB, or too slow to draw in a browser"
