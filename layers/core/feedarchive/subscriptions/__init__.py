"""Find feeds, preview them, edit feeds.toml, and read and write OPML."""
