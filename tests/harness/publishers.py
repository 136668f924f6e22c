"""Twelve publishers for a long simulation: what each shows at a time, and how its server misbehaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, RecordedRequest, Response

Show = Callable[[float], list[Item]]
"""The entries at a time, in hours since the start, the newest first."""
Answer = Callable[[float, RecordedRequest, Response], Response]
"""Changes a response. The arguments are the hours since the start, the request, and the response with the feed."""


def word(number: int) -> str:
    """A number in letters, because the program may take digits in a text for a counter."""
    letters = ""
    while True:
        letters = chr(97 + number % 26) + letters
        number = number // 26 - 1
        if number < 0:
            return letters


def marker(name: str, number: int) -> str:
    """A word that only the texts of one article contain."""
    return f"marker{name}q{word(number)}q"


@dataclass
class Publisher:
    """A feed on a server.

    ``shown`` has the titles and texts of each article that the server has sent in complete responses. Its keys are the
    markers of the articles.
    """

    name: str
    server: FeedServer
    clock: Clock
    show: Show
    answer: Answer
    start: datetime = field(init=False)
    shown: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.start = self.clock()
        self.server.responses["/feed"] = self._respond

    def _respond(self, request: RecordedRequest) -> Response:
        hours = (self.clock() - self.start) / timedelta(hours=1)
        items = self.show(hours)
        body = rss(*items, home=f"https://{self.name}.example/", title=self.name)
        tag = f'"{hash(body)}"'
        response = Response(body, headers={"ETag": tag, "Content-Type": "application/rss+xml"})
        if request.headers.get("If-None-Match") == tag:
            response = Response(status=304, headers={"ETag": tag})
        response = self.answer(hours, request, response)
        if response.body == body and "Content-Length" not in response.headers:
            for item in items:
                found = (item.text or "").split(" ", 1)[0]
                self.shown.setdefault(found, set()).add((item.title or "", item.text or ""))
        return response


def well(hours: float, request: RecordedRequest, response: Response) -> Response:
    return response


def steady(name: str, every: float, listed: int, edit: Callable[[int, float], str] = lambda number, age: "") -> Show:
    """A new article appears every ``every`` hours.

    ``edit`` returns the last words of an article, from its number and its age in hours.
    """

    def show(hours: float) -> list[Item]:
        newest = int(hours / every) + listed  # ``listed`` articles are from before the start
        return [
            Item(
                f"{name} story {word(number)}",
                link=f"https://{name}.example/{word(number)}",
                guid=f"https://{name}.example/?p={number}",
                text=f"{marker(name, number)} says what happened. {edit(number, hours - (number - listed) * every)}",
                date=_date(number - listed, every),
            )
            for number in range(newest, newest - listed, -1)
        ]

    return show


def _date(number: int, every: float) -> str:
    at = CHRISTMAS + timedelta(hours=number * every)
    return f"{at:%a, %d %b %Y %H:%M:%S} GMT"


def news_edit(number: int, age: float) -> str:
    """One of eight articles is corrected after three hours; one of twenty is edited three times."""
    if number % 20 == 0:
        return f"Edited {word(min(int(max(age, 0) / 1.5), 3))}."
    return "Corrected since." if number % 8 == 0 and age > 3 else ""


def live_blog(hours: float) -> list[Item]:
    """Each week an article that is edited 200 times in two days; every ninth edit changes its headline."""
    week = int(hours // 168)
    edits = min(int(hours % 168 / 0.24), 200)
    said = " ".join(word(each + 700) for each in range(max(edits - 15, 0), edits + 1))
    live = Item(
        f"Live {word(week)}: {word(edits // 9)}",
        link=f"https://live.example/{word(week)}",
        guid=f"live-{week}",
        text=f"{marker('live', week)} now: {said}",
    )
    return [live, *steady("liveother", 30, 8)(hours)]


def forum(hours: float) -> list[Item]:
    """Threads whose titles count their comments: a new one every four hours, the newer ones get comments."""
    newest = int(hours / 4) + 30
    threads = []
    for number in range(newest, newest - 30, -1):
        age = max(hours - (number - 30) * 4, 0)
        comments = int(min(age, 72) * (1 + number % 5) / 2)
        threads.append(
            Item(
                f"Thread {word(number)} ({comments} comments)",
                link=f"https://forum.example/{word(number)}",
                guid=f"thread-{number}",
                text=f"{marker('forum', number)} asks a question.",
            )
        )
    return threads


def clock_in_text(hours: float) -> list[Item]:
    items = steady("clock", 24, 12)(hours)
    made = f"Page made at {int(hours) % 24}:{int(hours * 60) % 60:02}."
    return [Item(each.title, each.link, each.guid, f"{each.text} {made}", each.date) for each in items]


def redesigned(hours: float) -> list[Item]:
    """After 35 days, every link and GUID changes. Texts and dates stay the same."""
    items = steady("redesign", 8, 15)(hours)
    if hours < 35 * 24:
        return items
    return [Item(each.title, f"{each.link}.html", f"new-{each.guid}", each.text, each.date) for each in items]


def always_304(hours: float, request: RecordedRequest, response: Response) -> Response:
    conditional = "If-None-Match" in request.headers or "If-Modified-Since" in request.headers
    return Response(status=304, headers={"ETag": request.headers["If-None-Match"]}) if conditional else response


def gone_for_weeks(hours: float, request: RecordedRequest, response: Response) -> Response:
    return Response(b"", 410) if 25 * 24 <= hours < 45 * 24 else response


def rate_limited(hours: float, request: RecordedRequest, response: Response) -> Response:
    return Response(b"", 429, {"Retry-After": "3600"}) if hours % 168 < 6 and hours > 6 else response


def flaky(hours: float, request: RecordedRequest, response: Response) -> Response:
    chance = int(hours * 60) * 7919 % 100
    if chance < 8:
        return Response(b"out of order", 500)
    if chance < 13 and response.body:
        headers = {**response.headers, "Content-Length": str(len(response.body))}
        return Response(response.body[: len(response.body) // 2], headers=headers)
    return response


def long_max_age(hours: float, request: RecordedRequest, response: Response) -> Response:
    return Response(response.body, response.status, {**response.headers, "Cache-Control": "max-age=86400"})


def moved_after(days: float, url: str) -> Answer:
    def answer(hours: float, request: RecordedRequest, response: Response) -> Response:
        return Response(b"", 301, {"Location": url}) if hours >= days * 24 else response

    return answer


PUBLISHERS: Sequence[tuple[str, Show, Answer]] = [
    ("news", steady("news", 0.75, 25, news_edit), well),
    ("live", live_blog, well),
    ("forum", forum, well),
    ("liar", steady("liar", 20, 10), always_304),
    ("gone", steady("gone", 12, 10), gone_for_weeks),
    ("limited", steady("limited", 6, 10), rate_limited),
    ("flaky", steady("flaky", 5, 20), flaky),
    ("redesign", redesigned, well),
    ("clock", clock_in_text, well),
    ("quiet", steady("quiet", 168, 5), long_max_age),
]
"""Ten feeds. Two more move: one to another server, one to the URL of the news."""
