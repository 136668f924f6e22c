"""Fetching over HTTP, and when a feed is due."""
