"""Convert HTML and plain text from feeds to safe HTML and to Markdown.

- ``clean_html`` sanitizes the HTML of an entry, and ``to_markdown`` converts the result.
- ``visible_text`` extracts the text that article ids and fingerprints depend on.
- ``readable_text`` extracts the text of titles and descriptions.
"""
