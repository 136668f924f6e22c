"""Manage subscriptions: find feeds, read and write OPML, edit feeds.toml, preview a feed. Used by the command line."""
