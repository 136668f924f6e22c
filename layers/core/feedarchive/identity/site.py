"""Find the site of a URL, and decide whether a link is on the feed's own site.

Only a link to the feed's own site identifies an article: several feeds may link to the same page of another site.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

from publicsuffixlist import PublicSuffixList

from feedarchive.urls import host_of, is_ip_address

# Hosts that are missing in the public suffix list. Each of their subdomains is a separate site.
_SHARED_HOSTS = frozenset(
    (
        "wordpress.com tumblr.com substack.com medium.com bearblog.dev typepad.com livejournal.com "
        "dreamwidth.org ghost.io micro.blog beehiiv.com posthaven.com svbtle.com hatenablog.com blogspot.com "
        "over-blog.com wixsite.com weebly.com squarespace.com jimdofree.com neocities.org mataroa.blog "
        "write.as prose.sh buttondown.email omg.lol bandcamp.com libsyn.com podbean.com buzzsprout.com"
    ).split()
)
_MAX_LABELS = 10
# Windows reserves these names, also with an extension: no folder can have the name "con" or "con.com".
_WINDOWS_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{device}{number}" for device in ("com", "lpt") for number in range(10))]
)
_FOLDER = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?")


@cache
def _suffixes(only_icann: bool) -> PublicSuffixList:
    # This copy of the public suffix list must never be updated: with a newer list, some articles would get other ids.
    name = "public_suffix_list_v1.dat"
    text = files("feedarchive.identity").joinpath(name).read_text(encoding="utf-8")
    return PublicSuffixList(text, only_icann=only_icann)


@lru_cache(maxsize=4096)
def site_of_host(host: str) -> str:
    """Return the registrable domain of a host: "news.bbc.co.uk" -> "bbc.co.uk". Returns "" if the host has none.

    IP addresses and localhost have no registrable domain. If a service gives each customer a subdomain, the result
    includes the subdomain: "jvns.tumblr.com".
    """
    if not host or is_ip_address(host) or host == "localhost" or host.endswith(".localhost"):
        return ""
    labels = host.removeprefix("www.").split(".")
    if len(labels) > 2 and ".".join(labels[-2:]) in _SHARED_HOSTS:  # All hosts in _SHARED_HOSTS have two labels.
        return ".".join(labels[-3:])
    if "" in labels[:-_MAX_LABELS]:
        return ""
    labels = labels[-_MAX_LABELS:]  # a hostile host may have thousands of labels (parts between dots)
    return _suffixes(only_icann=False).privatesuffix(".".join(labels)) or ""


def site_of(url: str) -> str:
    """Return the registrable domain of a URL's host; "" if the host has none."""
    return site_of_host(host_of(url))


def is_own_site(link: str, feed_url: str, home_page: str) -> bool:
    """Is a link on the feed's own site?

    True if the link has the same registrable domain as the home page or the feed's URL. The same name under another
    public suffix counts too: bbc.com and bbc.co.uk.
    """
    site = site_of(link)
    if not site:
        return False
    own = [s for s in (site_of(home_page), site_of(feed_url)) if s]
    return site in own or any(_same_name(site, other) for other in own)


@lru_cache(maxsize=4096)
def _same_name(site: str, other: str) -> bool:
    """Do two domains have the same name and different public suffixes, such as bbc.com and bbc.co.uk?

    False for foo.com and foo.github.io, because they may belong to different people.
    """
    name, suffix = _name_and_suffix(site)
    other_name, other_suffix = _name_and_suffix(other)
    return bool(name and suffix and other_suffix) and name == other_name


def _name_and_suffix(site: str) -> tuple[str, str]:
    if _suffixes(only_icann=True).privatesuffix(site) != site:
        return "", ""
    name, _, suffix = site.partition(".")
    return name, suffix


def site_folder(override: str, feed_url: str, home_page: str) -> str:
    """Return the name of the folder for a feed's articles, such as "example.org".

    It is made from the first of these that gives a valid name: the feed's ``site`` setting (``override``), the home
    page, the feed's URL. The name has only lower-case ASCII letters, digits, dots and hyphens, so it is a safe part of
    a path.
    """
    for candidate in (override, site_of(home_page), site_of(feed_url), host_of(feed_url)):
        folder = candidate.lower().replace(":", "-").replace("_", "-").strip(".-")
        if _FOLDER.fullmatch(folder) and ".." not in folder:
            return f"www.{folder}" if folder.partition(".")[0] in _WINDOWS_DEVICES else folder
    return "unknown"
