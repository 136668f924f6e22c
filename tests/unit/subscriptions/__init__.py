"""OPML, feed ids, URLs, the editor of feeds.toml."""
