"""Weeks of polling against scripted servers: schedules, conditional GET, moves, errors."""
