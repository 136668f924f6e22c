"""The start page of ``feedarchive serve``: a search box, the articles found, and links that restrict the search to a
site, feed, month or tag.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from feedarchive.search.facets import Facet
from feedarchive.search.filters import Filters
from feedarchive.search.query import parse_query
from feedarchive.serve.finder import Finder
from feedarchive.serve.html import page
from feedarchive.serve.http import Request, Response

PER_PAGE = 20
_FACETS = 12
_MAX_PAGE = 10_000


@dataclass(frozen=True)
class FacetLink:
    """A link that restricts a search to a facet, which is a site, feed, month or tag.

    - ``label``: the site, feed, month or tag.
    - ``number``: how many of the articles found belong to the facet.
    - ``href``: the address to which the link leads. If ``is_chosen``, the link ends the restriction.
    - ``is_chosen``: whether the search is already restricted to the facet.
    """

    label: str
    number: int
    href: str
    is_chosen: bool


def search_view(finder: Finder, request: Request) -> Response:
    """The page with the search box and the articles found. If nothing is searched for, it shows the newest articles."""
    chosen = {name: request.query.get(name, "") for name in ("q", "site", "feed", "tag", "month")}
    query = parse_query(chosen["q"])
    nothing = bool(chosen["q"].strip()) and query.is_empty
    filters = Filters(
        chosen["site"], (chosen["feed"],) if chosen["feed"] else (), chosen["tag"], chosen["month"], chosen["month"]
    )  # fmt: skip
    number = _page_number(request)
    found = finder.find(query, filters, PER_PAGE, (number - 1) * PER_PAGE)
    facets = finder.facets(query, filters, _FACETS)
    pages = (found.total + PER_PAGE - 1) // PER_PAGE
    links = {name: [_facet_link(chosen, name, facet) for facet in facets[name]] for name in facets}
    useful = {name: rows for name, rows in links.items() if len(rows) > 1 or chosen[name]}
    return page(
        "search.html",
        {
            "chosen": chosen,
            "found": replace(found, total=0, hits=()) if nothing else found,
            "nothing": nothing,
            "facets": useful,
            "previous": address_of_search({**chosen, "page": str(number - 1)}) if number > 1 else "",
            "next": address_of_search({**chosen, "page": str(number + 1)}) if number < pages else "",
            "page_number": number,
            "pages": pages,
        },
    )


def _page_number(request: Request) -> int:
    written = request.query.get("page", "1")
    return min(max(int(written), 1), _MAX_PAGE) if written.isascii() and written.isdecimal() and len(written) < 9 else 1


def _facet_link(chosen: Mapping[str, str], name: str, facet: Facet) -> FacetLink:
    is_chosen = chosen[name] == facet.value
    return FacetLink(
        facet.value, facet.number, address_of_search({**chosen, name: "" if is_chosen else facet.value}), is_chosen
    )


def address_of_search(query: Mapping[str, str]) -> str:
    """The address of the search page for some parameters, such as ``/?q=bridge&site=example.org``.

    Parameters that are "" are left out.
    """
    given = {name: value for name, value in query.items() if value}
    return f"/?{urlencode(given, errors='replace')}" if given else "/"
