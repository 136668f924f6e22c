"""Remove query parameters, and recognize fragments, that say where a visitor came from and do not select a page.

The lists are frozen with identity version 1. Each line names the tool that adds the parameters; each parameter was
found in feeds or in that tool's documentation. A parameter that selects a page on some site does not belong here:
treating two articles as one is worse than keeping one article twice.
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
# These are tracking parameters only with these values. With other values they may select a page.
_PARAMETER_VALUES = (
    r"(?:ref|src|source|feature|partner|from|cmp|emc|soc|medium|via)=(?:rss\w*|feed(?:s|burner|ly)?|atom)",
    r"rss=(?:1|true|yes)?",
)
_TRACKING_PARAMETER = re.compile(
    rf"(?:(?:{'|'.join(_PARAMETERS)})(?:=.*)?|{'|'.join(_PARAMETER_VALUES)})", re.IGNORECASE | re.DOTALL
)
# Fragments by which browsers highlight text (W3C Scroll to Text), or that AT Internet, Echobox, Google Analytics and
# feed readers add.
_TRACKING_FRAGMENT = re.compile(
    r"(?::~:.*|(?:xtor|xtref|echobox|utm_\w+|at_\w+|ns_\w+|fbclid|ito|icid|maca)=.*|ref=rss\w*|rss)",
    re.IGNORECASE | re.DOTALL,
)
# The BBC appends "#0", "#1" … each time it republishes an article. A number alone does not name a part of a page.
_COUNTER_FRAGMENT = re.compile(r"\d{1,3}")


def without_tracking_parameters(query: str) -> str:
    """Remove the tracking parameters from the query of a URL (without its ``?``). Other parameters keep their order."""
    return "&".join(p for p in query.split("&") if not _TRACKING_PARAMETER.fullmatch(p))


def is_tracking_fragment(fragment: str) -> bool:
    """Check whether a fragment (without its ``#``) is empty, a tracking parameter or a text highlight."""
    return not fragment or _TRACKING_FRAGMENT.fullmatch(fragment) is not None


def is_counter_fragment(fragment: str) -> bool:
    """Check whether a fragment is a counter of one to three digits, which identifies nothing."""
    return _COUNTER_FRAGMENT.fullmatch(fragment) is not None
