"""Polling: when a feed is due, fetching it over HTTP, and the state that is kept between polls."""
