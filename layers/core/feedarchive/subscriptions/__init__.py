"""Manage subscriptions: find feeds, read and write OPML, edit feeds.toml, preview a feed. Only the CLI uses it."""
