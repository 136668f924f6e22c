"""Hostile and random documents: no crash, no markup that gets through, bounded time and memory."""
