"""Fetch more of an article after it was archived: the text of its page, its pictures and enclosures.

A job is one such task for one article. Each shard (a group of feeds that are polled together) has a job list.
"""
