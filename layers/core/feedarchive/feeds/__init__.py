"""Subscriptions: feeds.toml, its values, and what a user wants of each feed."""
