"""Write revisions: if a publisher edits an article, the archive keeps the new version as another file.

docs/archive-format.md, "Revisions", describes the rules. revision_rules.py contains them as pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from feedarchive.archive.claim import ArticleClaim, claim_key, claim_to_json, parse_claim
from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.archive.pending_file import ClaimOutcome
from feedarchive.archive.revision_changes import changes_since
from feedarchive.archive.revision_rules import Verdict, Version, decide
from feedarchive.article.article import Article
from feedarchive.article.file_names import claim_name, revision_key
from feedarchive.article.front_matter import Revision, render
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.identity.fingerprint import letters_and_digits
from feedarchive.store.interface import Stored
from feedarchive.store.update import update

_MIN_GROWTH = 2.0


@dataclass(frozen=True)
class KnownArticle:
    """An archived article, with the title and text that the feed contains now.

    - ``feed``: the id of the feed.
    - ``title``: the fingerprint of the current title.
    - ``first``: the claim of the article's first version.
    - ``title_age``: how long the feed has had this title, plus most of the expected time until the next poll.
    - ``former_feed``: the id that the feed had in release 0.1.0; "" if it had the same id.
    """

    article: Article
    feed: str
    title: str
    first: ArticleClaim
    title_age: timedelta = timedelta(0)
    former_feed: str = ""


@dataclass(frozen=True)
class Edit:
    """The current wording of an article, and what to do with it.

    ``claims`` are the claims of the article's versions, oldest first.
    """

    known: KnownArticle
    verdict: Verdict
    claims: Sequence[ArticleClaim]

    @property
    def has_new_title(self) -> bool:
        return self.claims[-1].title != self.known.title


@dataclass(frozen=True)
class Revisions:
    """Writes new versions of articles into one archive."""

    claims: ClaimProtocol
    time_zone: ZoneInfo

    def consider(self, known: KnownArticle) -> Edit:
        """Compare the current wording of an article with its archived versions, and decide what to do with it.

        If the article has not changed, but its claim has a wording in an older format, update the claim.
        """
        article, feed = known.article, known.feed
        claims = [known.first, *self._later_versions(article.id)]
        if len(claims) > 1 and self.claims.status(claims[-1]) is None:
            # The last claim has no file, because a run was interrupted. ``write`` uses the claim again.
            del claims[-1]
        versions = [Version(feed if c.feed == known.former_feed else c.feed, c.wording, c.time) for c in claims]
        new_title_age = known.title_age if claims[-1].title != known.title else timedelta(0)
        verdict = decide(versions, feed, article.wording, self.claims.clock(), article.wording_1, new_title_age)
        if verdict is Verdict.SAME and article.wording_1:
            self._update_format(article, (feed, known.former_feed, ""), claims)
        return Edit(known, verdict, claims)

    def differs_only_in_numbers(self, edit: Edit) -> bool:
        """Check whether the title and text have the same letters as the last version, so only numbers can differ."""
        file, article = self._last_file(edit).decode("utf-8", "replace"), edit.known.article
        title = str(parse_front_matter(file).get("title", ""))
        return _letters(title, body_of(file)) == _letters(article.title, article.body)

    def write(self, edit: Edit) -> str:
        """Write an edit as the next version. Return the key of the new file; "" if nothing was written.

        Nothing is written if the verdict forbids it, or if another run has just written the next version.
        """
        if edit.verdict not in (Verdict.REVISE, Verdict.IF_FULLER):
            return ""
        known, claims, before = edit.known, edit.claims, self._last_file(edit)
        if edit.verdict is Verdict.IF_FULLER and not _is_fuller(known.article, before):
            return ""
        revision = Revision(len(claims) + 1, claims[-1].key, changes_since(before, known.article))
        result = self.claims.write_once(
            _NextVersion(known.article, known.feed, known.title, claims[0], revision, self.time_zone)
        )
        return result.claim.key if result.outcome is ClaimOutcome.CREATED else ""

    def _last_file(self, edit: Edit) -> bytes:
        stored = self.claims.store.read(edit.claims[-1].key)
        return stored.data if stored else b""

    def _update_format(self, article: Article, feeds: Sequence[str], claims: Sequence[ArticleClaim]) -> None:
        """If the last claim from one of ``feeds`` has a wording in the old format 1, write it in the current format."""
        number, known = next(((n, c) for n, c in reversed([*enumerate(claims, 1)]) if c.feed in feeds), (0, None))
        if known is None or known.wording != article.wording_1 or claims[0].feed not in feeds:
            return
        name = claim_name(article.id, number)

        def updated(stored: Stored | None) -> bytes | None:
            # If the claim has changed since it was read, for example to a tombstone, leave it as it is.
            is_unchanged = stored is not None and parse_claim(stored.data) == known
            return claim_to_json(replace(known, wording=article.wording)) if is_unchanged else None

        update(self.claims.store, claim_key(name), updated)

    def _later_versions(self, article_id: str) -> list[ArticleClaim]:
        """Return the claims of the second and later versions, in order. Their numbers have no gaps."""
        found: list[ArticleClaim] = []
        while isinstance(claim := self.claims.read(claim_name(article_id, len(found) + 2)), ArticleClaim):
            found.append(claim)
        return found


def _letters(title: str, text: str) -> str:
    return "".join(letter for letter in letters_and_digits(f"{title}\n{text}") if not letter.isnumeric())


def _is_fuller(article: Article, before: bytes) -> bool:
    text = body_of(before.decode("utf-8", "replace"))
    return len(letters_and_digits(article.body)) >= _MIN_GROWTH * len(letters_and_digits(text))


@dataclass(frozen=True)
class _NextVersion:
    """A revision that is not written yet. Implements PendingFile (pending_file.py).

    - ``title``: the fingerprint of the revision's title.
    - ``first``: the claim of the article's first version.
    """

    article: Article
    feed: str
    title: str
    first: ArticleClaim
    revision: Revision
    time_zone: ZoneInfo

    @property
    def name(self) -> str:
        return claim_name(self.article.id, self.revision.number)

    @property
    def first_version(self) -> str:
        return self.article.id

    def new_claim(self, now: datetime) -> ArticleClaim:
        return ArticleClaim(
            key=revision_key(self.first.key, self.revision.number, now, self.time_zone),
            time=now,
            feed=self.feed,
            guid=self.first.guid,
            title=self.title,
            wording=self.article.wording,
        )

    def render(self, claim: ArticleClaim) -> bytes:
        return render(self.article, claim.time, self.revision)

    def belongs_to(self, claim: ArticleClaim) -> bool:
        return True

    def follow_guid_claim(self, article_id: str) -> None:
        """Return None, because the claim of a GUID never has the name of a revision's claim."""
