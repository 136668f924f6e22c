"""Query parameters and fragments that tell where a reader came from, not what the page is.

Frozen with identity version 1. Every entry names who adds it; each was seen in feeds or is
documented by the tool that adds it. A parameter that may choose a page somewhere does not belong
here: to lose the difference between two articles is worse than to keep one twice.
"""

from __future__ import annotations

import re

_PARAMETERS = (
    r"utm_\w+",  # Google Analytics, campaign parameters
    r"at_\w+",  # AT Internet (Piano), BBC: at_medium, at_campaign
    r"ns_\w+",  # Comscore: ns_mchannel, ns_source
    r"mc_\w+",  # Mailchimp
    r"pk_\w+|mtm_\w+|matomo_\w+",  # Matomo
    r"hsa_\w+|_hs(?:enc|mi)",  # HubSpot
    r"fbclid|fb_(?:action_\w+|source|ref)",  # Facebook
    r"gclid|gclsrc|dclid|gbraid|wbraid|_ga|_gl",  # Google Ads and Analytics
    r"msclkid|yclid|ymclid|twclid|ttclid|igshid|igsh|li_fat_id",  # Microsoft, Yandex, X, TikTok, Instagram, LinkedIn
    r"mkt_tok|vero_\w+|oly_(?:anon|enc)_id|__s|ck_subscriber_id",  # Marketo, Vero, Omeda, Drip, Kit
    r"icid|cmpid|ocid|ncid",  # CNN, Bloomberg, MSN, AOL
    r"wt_mc|wt\.mc_\w+|maca|ito|traffic_source",  # Webtrends, Deutsche Welle, Daily Mail, Al Jazeera
    r"xtor|xtref",  # AT Internet, older: xtor=RSS-3208
    r"guce_referrer(?:_sig)?|guccounter|soc_(?:src|trk)",  # Yahoo
    r"__twitter_impression|s_cid|ftag",  # AMP pages, Adobe Analytics, CBS
)
# These are trackers with these values only; with others they may mean something.
_PARAMETER_VALUES = (
    r"(?:ref|src|source|feature|partner|from|cmp|emc|soc|medium|via)=(?:rss\w*|feed(?:s|burner|ly)?|atom)",
    r"rss=(?:1|true|yes)?",
)
_TRACKING_PARAMETER = re.compile(
    rf"(?:(?:{'|'.join(_PARAMETERS)})(?:=.*)?|{'|'.join(_PARAMETER_VALUES)})", re.IGNORECASE | re.DOTALL
)
# Fragments: text to highlight (W3C Scroll to Text), AT Internet, Echobox, Google Analytics, feed readers.
_TRACKING_FRAGMENT = re.compile(
    r"(?::~:.*|(?:xtor|xtref|echobox|utm_\w+|at_\w+|ns_\w+|fbclid|ito|icid|maca)=.*|ref=rss\w*|rss)",
    re.IGNORECASE | re.DOTALL,
)
# BBC's feeds number the showings of an article: "#0", "#1" … (and a page has no chapter by number alone).
_COUNTER_FRAGMENT = re.compile(r"\d{1,3}")


def is_tracking_parameter(parameter: str) -> bool:
    """Is ``name=value``, as it stands in a query, a tracker?"""
    return _TRACKING_PARAMETER.fullmatch(parameter) is not None


def is_tracking_fragment(fragment: str) -> bool:
    """Is a fragment (without its ``#``) a tracker or a text highlight?"""
    return not fragment or _TRACKING_FRAGMENT.fullmatch(fragment) is not None


def is_counter_fragment(fragment: str) -> bool:
    """Is a fragment a counter of one to three digits, which identifies nothing?"""
    return _COUNTER_FRAGMENT.fullmatch(fragment) is not None
