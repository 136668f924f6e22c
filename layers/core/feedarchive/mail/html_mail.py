"""A mail as HTML. The HTML loads nothing from the network, and all text from feeds is escaped."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from feedarchive.mail.mail import Mail


def html_mail(mail: Mail) -> str:
    """Render the mail as HTML."""
    return _template().render(mail=mail) + "\n"


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(
        files("feedarchive.mail").joinpath("templates", "mail.html").read_text(encoding="utf-8")
    )
