"""Fetch pages, pictures and other files politely: robots.txt is obeyed, and requests to a host are spaced."""
