"""Fetch pages, pictures and other files politely: obey robots.txt, and pause between two requests to a host."""
