"""The arguments of the commands about subscriptions: init, add, remove, feeds, import, export, check, preview."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from zoneinfo import ZoneInfo

_Option = Callable[[argparse.ArgumentParser], None]

_INIT = (
    "Creates an archive: a folder or bucket with a short, commented feeds.toml. The time zone decides where a day "
    "begins and ends; it can never be changed. The default is this machine's."
)
_ADD = (
    "Subscribes to a feed, given its URL or that of its site. Of a web page, the feeds that it declares are fetched "
    "and shown; of several, you choose on a terminal. Creates the archive if there is none. Exit status: 0 when every "
    "URL was subscribed to, 1 when one had no feed or is subscribed already, 2 when there was a choice and no terminal."
)
_REMOVE = "Ends subscriptions. The articles stay in the archive; feedarchive forget removes those."
_IMPORT = (
    "Adds the feeds of an OPML file, which any feed reader can export. Those that are subscribed already are skipped. "
    "Nothing is requested from any server, unless --check is given. Creates the archive if there is none."
)
_EXPORT = (
    "Writes the subscriptions as OPML 2.0, for any feed reader: titles, home pages, and tags as nested folders. User "
    "names and passwords are left out."
)
_CHECK = "Checks a feeds file without polling anything, and names every mistake with its line and what was expected."
_PREVIEW = (
    "Fetches a feed once and shows what would be archived, without keeping anything: its entries, what your rules "
    "exclude, and what may be a problem."
)
_COMPLETION = (
    "Prints a script that lets a shell complete commands, options and the ids of feeds. bash: "
    'eval "$(feedarchive completion bash)" in ~/.bashrc; zsh: the same in ~/.zshrc, after compinit; fish: '
    "feedarchive completion fish > ~/.config/fish/completions/feedarchive.fish"
)


def add_subscription_commands(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], archive: _Option, json: _Option
) -> None:
    """Add the commands. ``archive`` and ``json`` add the options ``--archive`` and ``--json`` to one."""

    def command(name: str, summary: str, description: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(name, help=summary, description=description)
        return made

    _init(init := command("init", "create an archive", _INIT))
    _add(add := command("add", "subscribe to feeds", _ADD))
    remove = command("remove", "end subscriptions, keep their articles", _REMOVE)
    feed_names(remove, "feeds", "a feed's id, URL or title")
    json(feeds := command("feeds", "list the subscriptions", "Lists the feeds of the archive, with their tags."))
    _import(imported := command("import", "subscribe to the feeds of an OPML file", _IMPORT))
    export = command("export", "write the subscriptions as OPML", _EXPORT)
    export.add_argument("file", metavar="FILE", nargs="?", help="the file to write (default: stdout)")
    check = command("check", "check feeds.toml without polling", _CHECK)
    check.add_argument("file", metavar="FILE", nargs="?", help="another file than the archive's own feeds.toml")
    _preview(preview := command("preview", "show what a feed's articles would be", _PREVIEW))
    for each in (init, add, remove, feeds, imported, export, check, preview):
        archive(each)
    completion = command("completion", "print a shell's completion script", _COMPLETION)
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell that the script is for")


def feed_names(command: argparse.ArgumentParser, option: str, text: str) -> None:
    """An argument, or an option such as ``--only``, that names subscribed feeds."""
    action = command.add_argument(option, metavar="FEED", nargs="+", help=text)
    # argcomplete reads this attribute.
    action.completer = complete_feed_ids  # type: ignore[attr-defined]


def complete_feed_ids(prefix: str, parsed_args: argparse.Namespace, **_: object) -> list[str]:
    """The ids of subscribed feeds that begin so; none if the archive cannot be read."""
    from feedarchive.store.location import open_store
    from feedarchive.subscriptions.feed_list import read_feeds

    try:
        feeds = read_feeds(open_store(parsed_args.archive)).feeds
    except Exception:  # noqa: BLE001 - a completion never fails
        return []
    return [feed.id for feed in feeds if feed.id.startswith(prefix)]


def _init(command: argparse.ArgumentParser) -> None:
    command.add_argument("--time-zone", metavar="ZONE", type=_time_zone, help="such as Europe/Berlin or UTC")
    command.add_argument(
        "--contact", metavar="URL", default="", help="sent to publishers, so that they can write to you"
    )
    command.add_argument("--starter", action="store_true", help="begin with a list of well-known feeds")
    command.add_argument(
        "--allow-private-addresses", action="store_true", help="also poll feeds in your own network or on this machine"
    )


def _add(command: argparse.ArgumentParser) -> None:
    command.add_argument("urls", metavar="URL", nargs="+", help="of a feed or a web page, with or without https://")
    command.add_argument("--tag", metavar="TAG", action="append", default=[], help="a tag for it; may be repeated")
    command.add_argument("--title", metavar="TITLE", default="", help="a title instead of the feed's own")
    command.add_argument("--id", metavar="ID", default="", help="an id instead of one made from the title")
    command.add_argument("--yes", action="store_true", help="take the first feed of a page, without a question")


def _import(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE.opml", help="the file; - is stdin")
    command.add_argument(
        "--tag-folders",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="make tags of folders and categories (default)",
    )
    command.add_argument(
        "--check", action="store_true", help="request every feed that was added, and report the failures"
    )


def _preview(command: argparse.ArgumentParser) -> None:
    feed = command.add_argument("feed", metavar="URL-or-FEED", help="a URL, or a subscribed feed's id or title")
    feed.completer = complete_feed_ids  # type: ignore[attr-defined]
    command.add_argument("--entry", metavar="N", type=int, help="show the complete file of this entry, by its number")


def _time_zone(written: str) -> str:
    try:
        ZoneInfo(written)
    except (ValueError, OSError, LookupError):
        raise argparse.ArgumentTypeError(
            f"expected a time zone such as Europe/Berlin or UTC, got {written!r}"
        ) from None
    return written
