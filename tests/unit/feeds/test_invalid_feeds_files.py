"""An invalid feeds.toml is rejected with one line: the file, the line or key, and what was expected."""

from __future__ import annotations

import pytest

from feedarchive.feeds.feeds_file import InvalidFeedsFile, parse_feeds_file

URL = "https://example.org/feed.xml"
FEED = f'[[feeds]]\nurl = "{URL}"\n'
WHERE = f"feeds.toml: feed number 1 ({URL}): "
A_URL = 'expected the URL of a feed such as "https://example.org/feed.xml", got '
AN_ID = "expected at most 100 characters: letters, digits, dots, hyphens and underscores, got "
A_DURATION = 'expected a duration such as "30 min", "6 h" or "1 d" (a whole number, from 1 min to 30 d), got '
A_SITE = 'expected a folder name such as "example.org": lower-case letters, digits, dots, hyphens, got '
A_NUMBER = "expected a whole number from 0 to 100000, got "
A_ZONE = 'expected a time zone such as "Europe/Berlin" or "UTC", got '
STRINGS = "expected a string or a list of strings, got "
A_REFERENCE = 'the reference to a secret is not valid: write "env:NAME" or "ssm:/name", and nothing after it'
A_PROXY = 'expected "environment" or a URL such as "http://proxy.example:3128"'
A_SIZE = 'expected a size such as "100 MB" or "500 kB" (at most 5 GB), got '
A_TABLE = 'expected a table such as { title = "pattern" }, got '


def error_message(text: str) -> str:
    with pytest.raises(InvalidFeedsFile) as caught:
        parse_feeds_file(text, "feeds.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    "text", ["0 min", "31 d", "721 h", "30", "min", "1.5 h", "-1 h", "30 s", "1 week", "1 h 30 min", "", "999999 m"]
)
def test_other_intervals_are_rejected(text: str) -> None:
    assert error_message(f'{FEED}interval = "{text}"') == f"{WHERE}interval: {A_DURATION}{text!r}"


@pytest.mark.parametrize("zone", ["Berlin", "Europe", "Mars/Olympus", "+02:00", "../UTC", "/etc/localtime", "Europe/"])
def test_other_time_zones_are_rejected(zone: str) -> None:
    text = f'[archive]\ntime_zone = "{zone}"\n{FEED}'
    assert error_message(text) == f"feeds.toml: archive: time_zone: {A_ZONE}{zone!r}"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("id = 7", "id: expected a string, got 7"),
        ('id = ""', f"id: {AN_ID}''"),
        ('id = "a b"', f"id: {AN_ID}'a b'"),
        ('id = "../a"', f"id: {AN_ID}'../a'"),
        ('id = "-a"', f"id: {AN_ID}'-a'"),
        ("title = 7", "title: expected a string, got 7"),
        ('title = ["a"]', "title: expected a string, got a list"),
        ("tags = 7", f"tags: {STRINGS}7"),
        ('tags = ["a", 7]', f"tags: {STRINGS}a list"),
        ("interval = 30", f"interval: {A_DURATION}30"),
        ("site = 7", "site: expected a string, got 7"),
        ('site = ""', f"site: {A_SITE}''"),
        ('site = "Example.org"', f"site: {A_SITE}'Example.org'"),
        ('site = "a/b"', f"site: {A_SITE}'a/b'"),
        ('site = ".."', f"site: {A_SITE}'..'"),
        ('site = "a..b"', f"site: {A_SITE}'a..b'"),
        ('site = ".a"', f"site: {A_SITE}'.a'"),
        ("body = 7", "body: expected a string, got 7"),
        ('body = "HTML"', 'body: expected "markdown" or "html", got \'HTML\''),
        ('revisions = "no"', "revisions: expected true or false, got 'no'"),
        ("revisions = 0", "revisions: expected true or false, got 0"),
        ('keep = "moon"', f"keep: {A_TABLE}'moon'"),
        ('drop = ["moon"]', f"drop: {A_TABLE}a list"),
        ("drop = { title = 7 }", f"drop: title: {STRINGS}7"),
        (
            'drop = { titel = "moon" }',
            "drop: unknown key 'titel'; did you mean title? expected one of author, link, tags, text, title",
        ),
        (
            'keep = { title = "(" }',
            "keep.title: expected a regular expression, got '(' (missing ), unterminated subpattern at position 0)",
        ),
        (
            'keep = { text = ["moon", "a{99999999999}"] }',
            "keep.text: expected a regular expression, got 'a{99999999999}' (the repetition number is too large)",
        ),
        ('headers = "Authorization: secret"', 'headers: expected a table such as { Authorization = "Bearer …" }'),
        ('headers = ["secret"]', 'headers: expected a table such as { Authorization = "Bearer …" }'),
        (
            'headers = { "X-Key: secret" = "" }',
            "headers: expected names of headers (letters, digits, hyphens)",
        ),
        ("headers = { X-Key = 7 }", "headers.X-Key: expected the header's value, a string of ASCII text"),
        (
            'headers = { X-Key = "secret\\r\\nHost: a" }',
            "headers.X-Key: expected the header's value, a string of ASCII text",
        ),
        ('headers = { X-Key = "sécret" }', "headers.X-Key: expected the header's value, a string of ASCII text"),
        ('headers = { X-Key = "env:" }', f"headers.X-Key: {A_REFERENCE}"),
        ('headers = { X-Key = "env:7secret" }', f"headers.X-Key: {A_REFERENCE}"),
        ('headers = { X-Key = "env:MY SECRET" }', f"headers.X-Key: {A_REFERENCE}"),
        ('headers = { X-Key = "Bearer ssm:secret!" }', f"headers.X-Key: {A_REFERENCE}"),
        ('user_agent = "Jörg"', "user_agent: expected ASCII text (it is sent in an HTTP header), got 'Jörg'"),
        ("user_agent = 7", "user_agent: expected a string, got 7"),
        ('ignore_validators = "yes"', "ignore_validators: expected true or false, got 'yes'"),
        ('full_text = "long"', "full_text: expected true, false or \"short\", got 'long'"),
        ("full_text = 1", 'full_text: expected true, false or "short", got 1'),
        ('images = "yes"', "images: expected true or false, got 'yes'"),
        ("largest_enclosure = 100", f"largest_enclosure: {A_SIZE}100"),
        ('largest_enclosure = "0 MB"', f"largest_enclosure: {A_SIZE}'0 MB'"),
        ('largest_enclosure = "6 GB"', f"largest_enclosure: {A_SIZE}'6 GB'"),
        (
            'adress = "x"',
            "unknown key 'adress'; expected one of "
            "body, ca, drop, enclosures, full_text, headers, home_page, id, ignore_validators, images, interval, keep, "
            "keep_documents, largest_enclosure, revisions, site, tags, timeout, title, url, user_agent",
        ),
    ],
)
def test_the_error_of_a_value_has_the_number_and_url_of_the_feed_and_the_key(lines: str, message: str) -> None:
    assert error_message(FEED + lines) == WHERE + message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'feeds: expected at least one feed: add [[feeds]] and, below it, url = "https://…"'),
        ("feeds = []", 'feeds: expected at least one feed: add [[feeds]] and, below it, url = "https://…"'),
        ("[feeds]", "feeds: expected tables, each below its own [[feeds]]"),
        (f'feeds = ["{URL}"]', "feeds: expected tables, each below its own [[feeds]]"),
        (
            "[[feed]]",
            "the file: unknown key 'feed'; did you mean feeds? expected one of archive, defaults, feeds, fetch, pages",
        ),
        ("[[archive]]", "archive: expected a table that starts with [archive]"),
        ("fetch = 1", "fetch: expected a table that starts with [fetch]"),
        (
            '[archive]\ntimezone = "UTC"',
            "archive: unknown key 'timezone'; did you mean time_zone? expected one of contact, retention_days, "
            "tag_style, time_zone, timestamp",
        ),
        ("[fetch]\nprivate = true", "fetch: unknown key 'private'; expected one of allow_private_addresses, proxy"),
        (f"[archive]\ntime_zone = 1\n{FEED}", "archive: time_zone: expected a string, got 1"),
        (
            f'[archive]\ncontact = "me\\nX: y"\n{FEED}',
            "archive: contact: expected ASCII text (it is sent in an HTTP header), got 'me\\nX: y'",
        ),
        (
            f'[archive]\ncontact = "Jörg"\n{FEED}',
            "archive: contact: expected ASCII text (it is sent in an HTTP header), got 'Jörg'",
        ),
        (f"[archive]\nretention_days = -1\n{FEED}", f"archive: retention_days: {A_NUMBER}-1"),
        (f'[archive]\ntag_style = "Slug"\n{FEED}', 'archive: tag_style: expected "as-written" or "slug", got \'Slug\''),
        (f"[archive]\nretention_days = true\n{FEED}", f"archive: retention_days: {A_NUMBER}True"),
        (f"[archive]\nretention_days = 1.5\n{FEED}", f"archive: retention_days: {A_NUMBER}1.5"),
        (f"[archive]\nretention_days = 100001\n{FEED}", f"archive: retention_days: {A_NUMBER}100001"),
        (f'[fetch]\nproxy = "socks5://alice:secret@proxy"\n{FEED}', f"fetch: proxy: {A_PROXY}"),
        (f'[fetch]\nproxy = "http://alice:secret@"\n{FEED}', f"fetch: proxy: {A_PROXY}"),
        (f'[fetch]\nproxy = "http://proxy/path"\n{FEED}', f"fetch: proxy: {A_PROXY}"),
        (f'[fetch]\nproxy = "proxy.example:3128"\n{FEED}', f"fetch: proxy: {A_PROXY}"),
        (f"[fetch]\nproxy = true\n{FEED}", "fetch: proxy: expected a string, got True"),
        (
            f'[fetch]\nallow_private_addresses = "yes"\n{FEED}',
            "fetch: allow_private_addresses: expected true or false, got 'yes'",
        ),
    ],
)
def test_the_error_of_a_value_has_the_table_and_the_key(text: str, message: str) -> None:
    assert error_message(text) == f"feeds.toml: {message}"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("", "nothing"),
        ("url = 7", "7"),
        ('url = ""', "''"),
        ('url = "example.org/feed.xml"', "'example.org/feed.xml'"),
        ('url = "ftp://example.org/feed.xml"', "'ftp://example.org/feed.xml'"),
        ('url = "file:///etc/passwd"', "'file:///etc/passwd'"),
        ('url = "https://"', "'https://'"),
        ('url = "https://exa mple.org/"', "'https://exa mple.org/'"),
        ('url = "https://example.org/a b"', "'https://example.org/a b'"),
        ('url = "https://example.org/a\\nb"', "'https://example.org/a\\nb'"),
        ('url = "https://example.org\\\\@example.net/"', "'…@example.net/'"),
        ('url = "https://example.org:99999/"', "'https://example.org:99999/'"),
        ('url = "http://[::1/"', "'http://[::1/'"),
    ],
)
def test_a_url_that_is_not_http_or_invalid_is_rejected(line: str, shown: str) -> None:
    assert error_message(f"{FEED}[[feeds]]\n{line}") == f"feeds.toml: feed number 2: url: {A_URL}{shown}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[archive]\ntime_zone = Europe/Berlin", "line 2: time_zone: write text in straight quotes"),
        ("[fetch]\nallow_private_addresses = yes", "line 2: allow_private_addresses: write text in straight"),
        (f"{FEED}title = “curly”", "line 3: title: write text in straight quotes"),
        (f'{FEED}title = "unclosed\n', "line 3: title: text in quotes must end with a quote"),
        (f"{FEED}title = 'unclosed", "line 3: title: text in quotes must end with a quote"),
        (f"{FEED}{FEED}url = 'again'\n", "line 5: url: this key is set twice"),
        ("[feeds]\n[feeds]\n", "line 2: [feeds]: this table is in the file already; above each feed, write [[feeds]]"),
        ("[[feeds]\n", "line 1: [[feeds]: write [[feeds]], with two brackets on both sides"),
        (f'{FEED}tags = ["a"\n', 'line 3: tags: write a list as ["one", "two"]'),
        (f'{FEED}drop = {{ title = "\\d" }}', "write a backslash in double quotes twice"),
        ("feeds", 'line 1: expected key = "value"'),
    ],
)
def test_a_syntax_error_has_the_line(text: str, expected: str) -> None:
    message = error_message(text)
    assert message.startswith("feeds.toml: line ")
    assert expected in message


@pytest.mark.parametrize("text", [f"x = {'9' * 5000}", f"x = {'[' * 5000}", "x = 2025-13-45"])
def test_toml_that_the_parser_fails_on_is_rejected_like_any_other(text: str) -> None:
    assert error_message(text).startswith("feeds.toml: ")


def test_an_error_in_the_last_feed_rejects_the_whole_file() -> None:
    assert error_message(f'{FEED}[[feeds]]\nurl = "https://example.net/"\nbody = "pdf"') == (
        'feeds.toml: feed number 2 (https://example.net/): body: expected "markdown" or "html", got \'pdf\''
    )


@pytest.mark.parametrize("value", ['"0 s"', '"121 s"', '"2 min"', "60", '"-1 s"', '"1e2 s"'])
def test_a_timeout_is_from_one_second_to_two_minutes(value: str) -> None:
    expected = 'timeout: expected a number of seconds such as "60 s" (from 1 s to 120 s), got '
    assert error_message(f"{FEED}timeout = {value}").startswith(WHERE + expected)


def test_a_mistake_in_the_defaults_is_reported_there() -> None:
    assert (
        error_message(f"[defaults]\nimages = 1\n{FEED}")
        == "feeds.toml: defaults: images: expected true or false, got 1"
    )
    assert "defaults: unknown key 'interval'" in error_message(f'[defaults]\ninterval = "2 h"\n{FEED}')
