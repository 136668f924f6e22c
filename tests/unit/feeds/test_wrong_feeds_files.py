"""A wrong feeds.toml is refused in one line: the file, the line or key, and what was expected."""

from __future__ import annotations

import pytest

from feedarchive.feeds.feed import default_id
from feedarchive.feeds.feeds_file import InvalidFeedsFile, parse_feeds_file

URL = "https://example.org/feed.xml"
FEED = f'[[feeds]]\nurl = "{URL}"\n'
WHERE = f"feeds.toml: feeds, number 1 ({URL}): "
A_URL = 'expected a feed\'s address such as "https://example.org/feed.xml", got '
AN_ID = "expected letters, digits, dots, hyphens and underscores, at most 100, got "
A_TIME = 'expected a whole number from "1 min" to "30 d", such as "30 min", "6 h" or "1 d", got '
A_SITE = 'expected a folder name such as "example.org": lower-case letters, digits, dots, hyphens, got '
A_NUMBER = "expected a whole number from 0 to 100000, got "
A_ZONE = 'expected a time zone such as "Europe/Berlin" or "UTC", got '
STRINGS = "expected a string or a list of strings, got "
A_REFERENCE = 'expected "env:NAME" or "ssm:/name" and nothing after it'
A_PROXY = 'expected an address such as "http://proxy.example:3128" or "environment"'
A_TABLE = 'expected a table such as { title = "pattern" }, got '


def http_error(text: str) -> str:
    with pytest.raises(InvalidFeedsFile) as caught:
        parse_feeds_file(text, "feeds.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    "written", ["0 min", "31 d", "721 h", "30", "min", "1.5 h", "-1 h", "30 s", "1 week", "1 h 30 min", "", "999999 m"]
)
def test_no_other_interval_is_accepted(written: str) -> None:
    assert http_error(f'{FEED}interval = "{written}"') == f"{WHERE}interval: {A_TIME}{written!r}"


@pytest.mark.parametrize("zone", ["Berlin", "Europe", "Mars/Olympus", "+02:00", "../UTC", "/etc/localtime", "Europe/"])
def test_no_other_time_zone_is_accepted(zone: str) -> None:
    assert http_error(f'[archive]\ntime_zone = "{zone}"\n{FEED}') == f"feeds.toml: archive: time_zone: {A_ZONE}{zone!r}"


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
        ("interval = 30", f"interval: {A_TIME}30"),
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
            "drop: 'titel' is no key here; did you mean title? expected one of author, link, tags, text, title",
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
        ("headers = { X-Key = 7 }", "headers.X-Key: expected the header's value, a string of plain ASCII"),
        (
            'headers = { X-Key = "secret\\r\\nHost: a" }',
            "headers.X-Key: expected the header's value, a string of plain ASCII",
        ),
        ('headers = { X-Key = "sécret" }', "headers.X-Key: expected the header's value, a string of plain ASCII"),
        ('headers = { X-Key = "env:" }', f"headers.X-Key: {A_REFERENCE}"),
        ('headers = { X-Key = "env:7secret" }', f"headers.X-Key: {A_REFERENCE}"),
        ('headers = { X-Key = "env:MY SECRET" }', f"headers.X-Key: {A_REFERENCE}"),
        ('headers = { X-Key = "Bearer ssm:secret!" }', f"headers.X-Key: {A_REFERENCE}"),
        ('user_agent = "Jörg"', "user_agent: expected plain ASCII text (it is sent in an HTTP header), got 'Jörg'"),
        ("user_agent = 7", "user_agent: expected a string, got 7"),
        ('ignore_validators = "yes"', "ignore_validators: expected true or false, got 'yes'"),
        (
            'adress = "x"',
            "'adress' is no key here; expected one of "
            "body, drop, headers, home_page, id, ignore_validators, interval, keep, revisions, site, tags, title, url, "
            "user_agent",
        ),
    ],
)
def test_a_wrong_value_of_a_feed_is_refused_by_number_url_and_key(lines: str, message: str) -> None:
    assert http_error(FEED + lines) == WHERE + message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'feeds: expected at least one feed: [[feeds]] and, below it, url = "https://…"'),
        ("feeds = []", 'feeds: expected at least one feed: [[feeds]] and, below it, url = "https://…"'),
        ("[feeds]", "feeds: expected tables that start with [[feeds]]"),
        (f'feeds = ["{URL}"]', "feeds: expected tables that start with [[feeds]]"),
        ("[[feed]]", "the file: 'feed' is no key here; did you mean feeds? expected one of archive, feeds, fetch"),
        ("[[archive]]", "archive: expected a table that starts with [archive]"),
        ("fetch = 1", "fetch: expected a table that starts with [fetch]"),
        (
            '[archive]\ntimezone = "UTC"',
            "archive: 'timezone' is no key here; did you mean time_zone? expected one of contact, retention_days, "
            "time_zone",
        ),
        ("[fetch]\nprivate = true", "fetch: 'private' is no key here; expected one of allow_private_addresses, proxy"),
        (f"[archive]\ntime_zone = 1\n{FEED}", "archive: time_zone: expected a string, got 1"),
        (
            f'[archive]\ncontact = "me\\nX: y"\n{FEED}',
            "archive: contact: expected plain ASCII text (it is sent in an HTTP header), got 'me\\nX: y'",
        ),
        (
            f'[archive]\ncontact = "Jörg"\n{FEED}',
            "archive: contact: expected plain ASCII text (it is sent in an HTTP header), got 'Jörg'",
        ),
        (f"[archive]\nretention_days = -1\n{FEED}", f"archive: retention_days: {A_NUMBER}-1"),
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
def test_a_wrong_file_is_refused_by_table_and_key(text: str, message: str) -> None:
    assert http_error(text) == f"feeds.toml: {message}"


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
def test_what_is_no_address_of_a_feed_is_refused(line: str, shown: str) -> None:
    assert http_error(f"{FEED}[[feeds]]\n{line}") == f"feeds.toml: feeds, number 2: url: {A_URL}{shown}"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[archive]\ntime_zone = Europe/Berlin", "line 2: time_zone: a text stands in straight quotes"),
        ("[fetch]\nallow_private_addresses = yes", "line 2: allow_private_addresses: a text stands in straight"),
        (f"{FEED}title = “curly”", "line 3: title: a text stands in straight quotes"),
        (f'{FEED}title = "unclosed\n', "line 3: title: a text that begins with a quote ends with one"),
        (f"{FEED}title = 'unclosed", "line 3: title: a text that begins with a quote ends with one"),
        (f"{FEED}{FEED}url = 'again'\n", "line 5: url: this key stands twice"),
        ("[feeds]\n[feeds]\n", "line 2: [feeds]: this table stands twice; before each feed it is [[feeds]]"),
        ("[[feeds]\n", "line 1: [[feeds]: before each feed stands [[feeds]], with two brackets on both sides"),
        (f'{FEED}tags = ["a"\n', 'line 3: tags: a list is ["one", "two"]'),
        (f'{FEED}drop = {{ title = "\\d" }}', "a backslash in double quotes is written twice"),
        ("feeds", 'line 1: a line is key = "value"'),
    ],
)
def test_what_is_no_toml_is_refused_by_line(text: str, place: str) -> None:
    message = http_error(text)
    assert message.startswith("feeds.toml: line ")
    assert place in message


SECRETS = [
    "headers = { A = hunter2 }",
    "headers = { hunter2 = hunter2",
    "url = https://me:hunter2@example.org/",
    'url = "https://me:hunter2',
    "token = hunter2",
    '[feeds.headers]\nCookie = "session=hunter2',
    "[feeds.headers]\nCookie = hunter2",
    '[feeds.headers]\nA = "hunter2" x',
    '[feeds.headers]\nA = """\nhunter2 = hunter2',
    '# \u2028\nX = "hunter2"\nx y',
    'proxy = ["http://me:hunter2@e.org"]',
    'id = "https://me:hunter2@example.org/f"',
    'user_agent = { A = "hunter2" }',
    'tags = { A = "hunter2" }',
    'contact = "https://me:hunter2@é.org"',
]


@pytest.mark.parametrize("lines", SECRETS)
def test_no_secret_of_a_wrong_file_is_shown(lines: str) -> None:
    for start in ("[[feeds]]\n", f"{FEED}", "[fetch]\n", "[archive]\n"):
        assert "hunter2" not in http_error(start + lines + "\n").replace("'hunter2' is no key here", "")


@pytest.mark.parametrize("text", [f"x = {'9' * 5000}", f"x = {'[' * 5000}", "x = 2025-13-45"])
def test_toml_that_no_reader_takes_is_refused_like_any_other(text: str) -> None:
    assert http_error(text).startswith("feeds.toml: ")


def test_a_file_is_refused_whole_for_its_last_feed() -> None:
    assert http_error(f'{FEED}[[feeds]]\nurl = "https://example.net/"\nbody = "pdf"') == (
        'feeds.toml: feeds, number 2 (https://example.net/): body: expected "markdown" or "html", got \'pdf\''
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://example.org/feed", "https://example.org/feed"),
        ("https://example.org/feed", "http://example.org/feed"),
        ("https://example.org/feed", "https://example.org/feed/"),
    ],
)
def test_two_feeds_with_one_url_are_named(first: str, second: str) -> None:
    text = f'[[feeds]]\nurl = "https://example.net/"\n[[feeds]]\nurl = "{first}"\n[[feeds]]\nid = "b"\nurl = "{second}"'
    assert http_error(text) == (
        f"feeds.toml: feeds, number 2 and number 3 ({second}) have the same URL: remove one of them or give it another"
    )


def test_two_feeds_with_one_id_are_named() -> None:
    text = f'{FEED}id = "a"\n[[feeds]]\nurl = "https://example.net/"\nid = "a"'
    assert http_error(text) == (
        "feeds.toml: feeds, number 1 and number 2 (https://example.net/) have the same id 'a': "
        "remove one of them or give it another"
    )


def test_an_id_may_not_be_the_one_another_feed_has_by_default() -> None:
    text = f'{FEED}[[feeds]]\nurl = "https://example.net/"\nid = "{default_id(URL)}"'
    assert f"number 1 and number 2 (https://example.net/) have the same id '{default_id(URL)}'" in http_error(text)


def test_a_message_is_one_line() -> None:
    for key in ("id", "site", "interval", "body", "tags"):
        assert "\n" not in http_error(f'{FEED}{key} = ["a\\nb", 1]')
    assert "\n" not in http_error(f'{FEED}"a\\nb" = 1')
    assert "\n" not in http_error(f'{FEED}headers = {{ "a\\nb" = "" }}')


def test_a_long_wrong_value_is_shown_in_part() -> None:
    assert len(http_error(f'{FEED}id = "{"ä" * 5000}"')) < 300
    assert len(http_error(f'{FEED}body = "{"ä" * 5000}"')) < 300
    assert len(http_error(f'{FEED}keep = {{ title = "({"ä" * 5000}" }}')) < 300
