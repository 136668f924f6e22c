"""In an hour without a new article, compute the health of only some feeds of a large archive.

This saves requests to the store. The health of the other feeds is taken from the last status.json.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from feedarchive.feeds.feed import Feed
from feedarchive.health.feed_health import FeedHealth, Health
from feedarchive.health.status_json import LastStatus
from feedarchive.json_values import DamagedJSON, JSONObject, parse_json
from feedarchive.polling.schedule import PollReason
from feedarchive.polling.shards import Shard

MAX_SHARDS = 16
"""In an hour without a new article, the states of at most this many shards (about 800 feeds) are read."""


def shards_in_turn(shards: Mapping[Shard, Sequence[Feed]], now: datetime) -> dict[Shard, Sequence[Feed]]:
    """Choose the shards to read in this hour, at most MAX_SHARDS. The next hours choose the others, in turn."""
    turns = -(-len(shards) // MAX_SHARDS) or 1
    turn = int(now.timestamp() // 3600) % turns
    return {shard: feeds for number, (shard, feeds) in enumerate(shards.items()) if number % turns == turn}


def health_before(last: LastStatus) -> dict[str, FeedHealth]:
    """Return the health of every feed in the last status.json, by feed id; {} if the file is damaged."""
    try:
        documents = [parse_json(each.data) for each in last.stored.values()]
        found = [_parse_health(each) for document in documents for each in document.objects("feeds")]
    except DamagedJSON:
        return {}
    return {each.feed: each for each in found}


def _parse_health(written: JSONObject) -> FeedHealth:
    """Parse the health of a feed in status.json.

    Raises DamagedJSON, also for a value that only a newer release knows.
    """

    def time(name: str) -> datetime | None:
        return written.time(name) if written.fields.get(name) is not None else None

    health, why = Health.of_value(written.text("health")), PollReason.of_value(written.text("next_poll_why"))
    if health is None or why is None:
        raise DamagedJSON(f"feed {written.text('feed')}: unknown value of health or next_poll_why")
    texts = {name: written.text(name) for name in _TEXTS}
    return FeedHealth(
        **texts,
        health=health,
        next_poll_why=why,
        last_success=time("last_success"),
        failing_since=time("failing_since"),
        next_poll=time("next_poll"),
        gone_since=time("gone_since"),
        possible_gap=time("possible_gap"),
        new_in_30_days=written.integer("new_in_30_days"),
        noisy=written.boolean("noisy"),
        needs_a_person=written.boolean("needs_a_person"),
    )


_TEXTS = ("feed", "title", "url", "problem", "error_kind", "advice", "moved_to")
