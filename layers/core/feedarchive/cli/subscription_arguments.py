"""The arguments of the commands about subscriptions: init, add, remove, feeds, import, check, preview."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from zoneinfo import ZoneInfo

from feedarchive.cli.export_arguments import add_export_command

_Option = Callable[[argparse.ArgumentParser], None]

_INIT = (
    "Create an archive: a folder or bucket with a short, commented feeds.toml. The time zone decides when a day "
    "begins; it cannot be changed later."
)
_ADD = (
    "Subscribe to a feed by its URL, or by the URL of its site. For a site, the feeds that the page declares are "
    "fetched and described; if there are several, you choose on a terminal. The archive is created if there is none. "
    "Exit status: 1 if a URL has no feed or is already subscribed to; 2 if there are several feeds and no terminal "
    "to choose on."
)
_REMOVE = "End subscriptions. The articles stay in the archive; feedarchive forget removes articles."
_IMPORT = (
    "Subscribe to the feeds of an OPML file, which every feed reader can export. Feeds that are already subscribed to "
    "are skipped. No server is contacted without --check. The archive is created if there is none."
)
_CHECK = (
    "Check a feeds file or an OPML file without polling, and report every mistake with its line and what was expected."
)
_PREVIEW = (
    "Fetch a feed once and list what would be archived, without storing anything: its articles, the entries that your "
    "rules exclude, and possible problems."
)
_COMPLETION = (
    "Print a script that makes a shell complete commands, options and feed ids. To install it for bash, add eval "
    '"$(feedarchive completion bash)" to ~/.bashrc. For zsh, add eval "$(feedarchive completion zsh)" to ~/.zshrc, '
    "after compinit. For fish, run feedarchive completion fish > ~/.config/fish/completions/feedarchive.fish"
)


def add_subscription_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], archive: _Option, json: _Option
) -> None:
    """Add the commands about subscriptions.

    ``archive`` and ``json`` are functions that add the options ``--archive`` and ``--json``.
    """

    def command(name: str, summary: str, description: str) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = commands.add_parser(name, help=summary, description=description)
        return added

    _init(init := command("init", "create an archive", _INIT))
    _add(add := command("add", "subscribe to feeds", _ADD))
    remove = command("remove", "end subscriptions and keep the articles", _REMOVE)
    add_feed_names(remove, "feeds", "a feed's id, URL or title")
    json(
        feeds := command("feeds", "list the subscriptions", "List the feeds of the archive with their titles and tags.")
    )
    _import(imported := command("import", "subscribe to the feeds of an OPML file", _IMPORT))
    add_export_command(commands, archive)
    check = command("check", "check feeds.toml without polling", _CHECK)
    check.add_argument("file", metavar="FILE", nargs="?", help="the file to check (default: feeds.toml in the archive)")
    _preview(preview := command("preview", "show what would be archived from a feed", _PREVIEW))
    for each in (init, add, remove, feeds, imported, check, preview):
        archive(each)


def add_completion_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``completion``."""
    command = commands.add_parser("completion", help="print a shell's completion script", description=_COMPLETION)
    command.add_argument("shell", metavar="bash|zsh|fish", choices=("bash", "zsh", "fish"), help="the shell")


def add_feed_names(command: argparse.ArgumentParser, option: str, text: str) -> None:
    """Add an argument, or an option such as ``--only``, whose values are subscribed feeds."""
    action = command.add_argument(option, metavar="FEED", nargs="+", help=text)
    # The library argcomplete reads this attribute.
    action.completer = complete_feed_ids  # type: ignore[attr-defined]


def complete_feed_ids(prefix: str, parsed_args: argparse.Namespace, **_: object) -> list[str]:
    """Returns the ids of subscribed feeds that start with ``prefix``; [] if the archive cannot be read."""
    from feedarchive.store.location import open_store
    from feedarchive.subscriptions.feed_list import read_feeds

    try:
        feeds = read_feeds(open_store(parsed_args.archive)).feeds
    except Exception:  # noqa: BLE001 - a completion never fails
        return []
    return [feed.id for feed in feeds if feed.id.startswith(prefix)]


def _init(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--time-zone",
        metavar="ZONE",
        type=_time_zone,
        help="such as Europe/Berlin or UTC (default: this machine's time zone)",
    )
    command.add_argument(
        "--contact",
        metavar="URL",
        default="",
        help="the URL of a page about you, sent to publishers with every request",
    )
    command.add_argument("--starter", action="store_true", help="start with a list of well-known feeds")
    command.add_argument(
        "--allow-private-addresses", action="store_true", help="also poll feeds in your own network and on this machine"
    )


def _add(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "urls", metavar="URL", nargs="+", help="the URL of a feed or web page, with or without https://"
    )
    command.add_argument(
        "--tag", metavar="TAG", action="append", default=[], help="a tag for the articles of the feed; may be repeated"
    )
    command.add_argument("--title", metavar="TITLE", default="", help="a title instead of the feed's own")
    command.add_argument("--id", metavar="ID", default="", help="an id instead of one made from the title")
    command.add_argument("--yes", action="store_true", help="take the first feed of a page without asking")


def _import(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE.opml", help="the OPML file; - is stdin")
    command.add_argument(
        "--tag-folders",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="make tags from folders and categories (default)",
    )
    command.add_argument("--check", action="store_true", help="fetch every added feed, and report those that fail")


def _preview(command: argparse.ArgumentParser) -> None:
    feed = command.add_argument("feed", metavar="URL-or-FEED", help="a URL, or a subscribed feed's id or title")
    feed.completer = complete_feed_ids  # type: ignore[attr-defined]
    command.add_argument("--entry", metavar="N", type=int, help="show the complete file of the entry with this number")


def _time_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, LookupError):
        raise argparse.ArgumentTypeError(f"expected a time zone such as Europe/Berlin or UTC, got {text!r}") from None
    return text
