"""Find the site of a URL, and decide whether a link is on its feed's own site: then it alone identifies an article."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

from publicsuffixlist import PublicSuffixList

from feedarchive.urls import host_of, is_ip_address

# Hosts that give each customer a subdomain and are not in the public suffix list.
_SHARED_HOSTS = frozenset(
    (
        "wordpress.com tumblr.com substack.com medium.com bearblog.dev typepad.com livejournal.com "
        "dreamwidth.org ghost.io micro.blog beehiiv.com posthaven.com svbtle.com hatenablog.com blogspot.com "
        "over-blog.com wixsite.com weebly.com squarespace.com jimdofree.com neocities.org mataroa.blog "
        "write.as prose.sh buttondown.email omg.lol bandcamp.com libsyn.com podbean.com buzzsprout.com"
    ).split()
)
_MAX_LABELS = 10
# Windows does not allow these names for files and folders, whatever follows after a dot: con.com, prn.fm.
_WINDOWS_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{device}{number}" for device in ("com", "lpt") for number in range(10))]
)
_FOLDER = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?")


@cache
def _suffixes(only_icann: bool) -> PublicSuffixList:
    # This copy of the list is frozen: with a newer list, some articles would get other ids.
    name = "public_suffix_list_v1.dat"
    text = files("feedarchive.identity").joinpath(name).read_text(encoding="utf-8")
    return PublicSuffixList(text, only_icann=only_icann)


@lru_cache(maxsize=4096)
def site_of_host(host: str) -> str:
    """The registrable domain of a host, such as ``bbc.co.uk`` or ``jvns.tumblr.com``; "" if it has none.

    localhost and IP addresses have none, because on another machine they may be another server.
    """
    if not host or is_ip_address(host) or host == "localhost" or host.endswith(".localhost"):
        return ""
    # Only the last labels matter, and a hostile host may have thousands.
    labels = host.removeprefix("www.").split(".")
    if len(labels) > 2 and ".".join(labels[-2:]) in _SHARED_HOSTS:  # each shared host has two labels
        return ".".join(labels[-3:])
    if "" in labels[:-_MAX_LABELS]:
        return ""
    labels = labels[-_MAX_LABELS:]
    return _suffixes(only_icann=False).privatesuffix(".".join(labels)) or ""


def site_of(url: str) -> str:
    """The registrable domain of a URL's host; "" if it has none."""
    return site_of_host(host_of(url))


def is_own_site(link: str, feed_url: str, home_page: str) -> bool:
    """Check whether a link is on the feed's own site: on its domain, or on the same name under another suffix."""
    site = site_of(link)
    if not site:
        return False
    own = [s for s in (site_of(home_page), site_of(feed_url)) if s]
    return site in own or any(_same_name(site, other) for other in own)


@lru_cache(maxsize=4096)
def _same_name(site: str, other: str) -> bool:
    """True for bbc.com and bbc.co.uk; False for foo.github.io and foo.com, which may have different owners."""
    name, suffix = _name_and_suffix(site)
    other_name, other_suffix = _name_and_suffix(other)
    return bool(name and suffix and other_suffix) and name == other_name


def _name_and_suffix(site: str) -> tuple[str, str]:
    if _suffixes(only_icann=True).privatesuffix(site) != site:
        return "", ""
    name, _, suffix = site.partition(".")
    return name, suffix


def site_folder(override: str, feed_url: str, home_page: str) -> str:
    """The folder name of a feed's articles: from the feed's ``site`` setting, else the home page, else the feed URL.

    The name is always one safe path component of lower-case ASCII letters, digits, dots and hyphens.
    """
    for candidate in (override, site_of(home_page), site_of(feed_url), host_of(feed_url)):
        folder = candidate.lower().replace(":", "-").replace("_", "-").strip(".-")
        if _FOLDER.fullmatch(folder) and ".." not in folder:
            return f"www.{folder}" if folder.partition(".")[0] in _WINDOWS_DEVICES else folder
    return "unknown"
