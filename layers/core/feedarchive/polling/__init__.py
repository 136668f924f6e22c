"""Polling: fetching a feed over HTTP, when it is due, and what is remembered between polls."""
