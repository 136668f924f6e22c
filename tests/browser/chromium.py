"""Open pages in Chromium, and record their requests, errors and dialogs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Locator, Page, Playwright, Request

PHONE, DESKTOP = (390, 844), (1280, 900)
Scheme = Literal["light", "dark"]
_MAX_WAIT = 300_000  # milliseconds; long, because the machine may be busy

_ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
_RECORD_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event =>
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));
"""
_STRUCTURE = """() => {
  const all = [...document.querySelectorAll("*")];
  return {
    elements: [...new Set(all.map(e => e.localName))],
    attributes: [...new Set(all.flatMap(e => e.getAttributeNames()))],
    links: [...document.querySelectorAll("a")].map(a => [a.getAttribute("href"), a.href, a.textContent.trim()]),
    ids: all.map(e => e.id).filter(id => id),
  };
}"""


def chromium_path() -> str | None:
    """The path of Chromium, which `make browser` installs: the build without a user interface if there is one.

    That build renders pages by the same code, and needs a quarter less processor time for the tests.
    """
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


def launched(playwright: Playwright, path: str) -> Browser:
    """Chromium with a new, empty profile."""
    return playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)


@dataclass
class Watched:
    """An open page and what it did: requests, requests that its policy blocked, console messages, errors, dialogs."""

    page: Page
    requests: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def failed(self, request: Request) -> None:
        if request.failure == "csp":
            self.blocked.append(request.url)

    def reset(self) -> None:
        """Leave the current page, clear the records, and set the size of a desktop."""
        self.page.goto("about:blank")
        self.show(DESKTOP)
        for seen in (self.requests, self.blocked, self.console, self.errors, self.dialogs):
            seen.clear()

    def show(self, size: tuple[int, int], scheme: Scheme = "light") -> None:
        """Show pages in a window of this size and in this color scheme."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.emulate_media(media="screen", color_scheme=scheme)

    def open(self, path: Path) -> Page:
        self.page.goto(path.as_uri(), wait_until="load")
        return self.page

    def follow(self, link: Locator) -> Page:
        """Click a link to another file, and wait until the file has loaded."""
        with self.page.expect_navigation(wait_until="load"):
            link.click()
        return self.page

    def violations(self) -> list[str]:
        """What the Content-Security-Policy blocked."""
        return [str(violation) for violation in self.page.evaluate("window.violations")]

    def assert_harmless(self, *opened: Path) -> None:
        """No script ran, and only the opened files were requested."""
        assert self.page.evaluate("window.ran") is None
        assert (self.dialogs, self.errors, self.console, self.violations()) == ([], [], [], [])
        assert self.requests == [path.as_uri() for path in opened]


@contextmanager
def watched_page(browser: Browser, size: tuple[int, int] = DESKTOP, scheme: Scheme = "light") -> Iterator[Watched]:
    """A page in its own browser context."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    context.set_default_timeout(_MAX_WAIT)
    context.add_init_script(_RECORD_VIOLATIONS)
    watched = Watched(context.new_page())
    watched.page.on("request", lambda request: watched.requests.append(request.url))
    watched.page.on("requestfailed", watched.failed)
    watched.page.on("console", lambda message: watched.console.append(message.text))
    watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))

    def dismiss(dialog: Any) -> None:
        watched.dialogs.append(dialog.message)
        dialog.dismiss()

    watched.page.on("dialog", dismiss)
    try:
        yield watched
    finally:
        context.close()


# The findings of these axe rules depend on positions, sizes and colors. The findings of all other rules depend only on
# the document and on which elements are visible.
_RULES_ABOUT_STYLES = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
_VISIBLE_ELEMENTS = "[...document.querySelectorAll('*')].filter(element => element.checkVisibility()).length"


def accessibility_findings(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """The serious and critical findings of axe on the current page: rule, severity, element.

    ``rules`` are the rules to check; by default all rules are checked.
    """
    if page.evaluate("window.axe === undefined"):
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    options = {
        "preload": False, "resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}},
        **({"runOnly": list(rules)} if rules else {}),
    }  # fmt: skip
    result = page.evaluate("options => axe.run(options)", options)
    return [
        f"{found['id']} ({found['impact']}): {node['html']}"
        for found in result["violations"]
        for node in found["nodes"]
        if found["impact"] in {"serious", "critical"}
    ]


def findings_on_phone_and_desktop(watched: Watched) -> list[str]:
    """What axe finds on the current page, and whether it is too wide: on a phone, and on a desktop in the dark scheme.

    All details elements are opened, so that everything is checked. On the desktop, axe checks only the rules whose
    findings may differ from the phone.
    """
    page = watched.page
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    watched.show(PHONE)
    found, visible = accessibility_findings(page) + _too_wide(page), page.evaluate(_VISIBLE_ELEMENTS)
    watched.show(DESKTOP, "dark")
    found += accessibility_findings(page, _RULES_ABOUT_STYLES) + _too_wide(page)
    assert page.evaluate(_VISIBLE_ELEMENTS) == visible
    return found


def _too_wide(page: Page) -> list[str]:
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return [f"{widths[0]} pixels wide in a window of {widths[1]}"] if widths[0] > widths[1] else []


def structure(page: Page) -> dict[str, Any]:
    """The elements, attributes, ids and links of the page as the browser parsed it."""
    found: dict[str, Any] = page.evaluate(_STRUCTURE)
    return found
