"""Subscriptions: feeds.toml, its values, and the options of each feed."""
