"""After a power cut a folder may hold a torn claim beside a whole article: the file is the truth."""

from __future__ import annotations

from datetime import datetime

from feedarchive.archive.claim import ArticleClaim
from feedarchive.article.file_names import short_id_of_key, version_of
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.identity.canonical_url import canonical_guid
from feedarchive.identity.fingerprint import fingerprint
from feedarchive.store.interface import Store


def claim_from_file(store: Store, name: str) -> ArticleClaim | None:
    """The claim a file must have had; None if no whole file of that name (an id, or an id and ".r2") is there.

    A torn file that lost its claim too is removed: nobody knows any more when it was to be archived.
    Lists the whole archive: needed only for claims that were torn, so hardly ever.
    """
    article_id, _, revision = name.partition(".r")
    for key in store.list("archive/"):
        if short_id_of_key(key) != article_id[:12] or version_of(key) != int(revision or 1):
            continue
        stored = store.read(key)
        if stored and not stored.is_complete:
            store.delete(key)
            continue
        fields = parse_front_matter(stored.data.decode("utf-8", "replace")) if stored else {}
        if fields.get("id") == article_id:
            return ArticleClaim(
                key=key,
                time=datetime.fromisoformat(str(fields["archived"])),
                feed="",
                guid=canonical_guid(str(fields.get("guid", ""))),
                title=fingerprint(str(fields["title"])),
                wording=str(fields.get("wording", "")),
            )
    return None
