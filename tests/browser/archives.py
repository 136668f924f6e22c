"""Archives for the browser tests: Christmas with every kind of content, and days of any size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from feedarchive.article.article import Article
from feedarchive.article.front_matter import render
from feedarchive.builds.builder import DigestBuilder
from feedarchive.store.folder import FolderStore
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item

DAY = CHRISTMAS.date()
FOLDER = "archive/2025/12/25"
PAGES = "pages/2025/12/25"

BRIDGE = "The old bridge is to be rebuilt by spring"
_SAME_STORY = "The council met on Tuesday and decided to keep the arches of the old bridge, which is to be rebuilt."
_NEWS = (
    (BRIDGE, "The council met on Tuesday and decided to keep its arches."),
    ("Flour is dear", "Bakers across town report that prices have doubled since the harvest."),
    ("A comet, and where to look for it", "Low in the south-west an hour after sunset, with any binoculars."),
    (
        "Zürich — «Über den Dächern», 50 % mehr Gäste",
        "Warum der Winter in diesem Jahr früher gekommen ist, erzählen fünf.",
    ),
    ("שלום עולם, כותרת מימין לשמאל", "תיאור קצר של המאמר הזה, שנכתב מימין לשמאל."),
    ("今年の冬は早く来る", "山の村では十一月に初雪が降り、人々は薪を集め始めた。"),
)


def build_everything(root: Path, clock: Clock) -> None:
    """Build all digests and the index page."""
    DigestBuilder(FolderStore(root), ZoneInfo("UTC"), [], clock()).build_all()


def root_of(page: Path) -> Path:
    """The archive that the page of a day belongs to."""
    return page.parents[4]


def christmas(root: Path) -> Path:
    """Make an archive with every kind of content, and return the page of Christmas.

    The day has twelve feeds, edits of articles of that day and of the day before, and a backlog. Three of the feeds
    report the same event.
    """
    clock = Clock(CHRISTMAS - timedelta(days=1))
    archiver = FeedArchiver(FolderStore(root), clock)
    yesterday = Item("Ferry to stop at New Year", "https://example.org/ferry", "ferry", "It runs until Wednesday.")
    archiver.poll(yesterday)
    clock.move(days=1)
    news = [
        Item(title, f"https://example.org/{n}", f"n{n}", text, f"Thu, 25 Dec 2025 0{n}:15:00 GMT")
        for n, (title, text) in enumerate(_NEWS)
    ]
    edited = replace(yesterday, text="It runs until Wednesday, the company said, and then twice a week.")
    old = [
        Item(f"From long ago, part {n}", f"https://example.org/old{n}", f"old{n}", date="Mon, 01 Dec 2025 08:00:00 GMT")
        for n in range(3)
    ]
    archiver.poll(*news, edited, *old)
    clock.move(hours=1)
    archiver.poll(
        replace(news[0], text="The council met on Wednesday and decided to keep two of its arches."),
        replace(news[1], title="Flour is dear, and bread too"),
        *news[2:],
    )
    clock.move(hours=1)
    archiver.poll(news[0], replace(news[1], title="Bread is dear"), *news[2:])
    for n in range(9):
        home = f"https://feed{n}.example/"
        item = Item(f"Letter {n} from a friend", f"{home}letter", "letter", date="Thu, 25 Dec 2025 08:00:00 GMT")
        archiver.poll(item, url=f"{home}feed.xml", home=home, title=f"Letters of {'ABCDEFGHI'[n]}.")
    for name in ("river", "city"):
        home = f"https://{name}.example/"
        item = Item(f"{BRIDGE}, the council decided", f"{home}bridge", "bridge", _SAME_STORY)
        archiver.poll(item, url=f"{home}feed.xml", home=home, title=f"The {name.title()} News")
    build_everything(root, clock)
    return root / PAGES / "index.html"


def write_articles(root: Path, number: int, site_of: Callable[[int], str]) -> None:
    """Write article files into the day's folder as the archiver does."""
    store = FolderStore(root)
    for n in range(number):
        site = site_of(n)
        article = Article(
            id=f"{n:032x}",
            title=f"Article {n} of a long day, about the bridge over the river",
            description="The council met on Tuesday and decided to rebuild the bridge. " * 4,
            image="https://example.org/image.jpg",
            link=f"https://{site}/2025/12/25/{n}/about-the-bridge-over-the-river",
            source=f"https://{site}/feed.xml",
            feed=f"The news of {site}",
            body=f"Story {n}.",
            wording="1:0",
            authors=("Ada Example",),
            published=CHRISTMAS - timedelta(minutes=n),
        )
        name = f"article-{n}-of-a-long-day-about-the-bridge-over-the-river-{n:012x}.md"
        store.create(f"{FOLDER}/{site}/{name}", render(article, CHRISTMAS))
