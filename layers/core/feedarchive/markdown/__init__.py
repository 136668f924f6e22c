"""Convert HTML and plain text from feeds to safe HTML and to Markdown.

- ``clean_html`` sanitizes the HTML of an entry, and ``to_markdown`` converts the result.
- ``visible_text`` extracts the text from which ids are made.
- ``readable_text`` extracts the text of titles and descriptions.
"""
