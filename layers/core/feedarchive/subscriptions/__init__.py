"""Manage subscriptions, for the command line: find feeds, read and write OPML, edit feeds.toml, preview a feed."""
