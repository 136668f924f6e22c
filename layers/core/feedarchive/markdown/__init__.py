"""HTML and plain text of feeds as safe HTML and as Markdown.

``clean_html`` sanitizes an entry's HTML, ``to_markdown`` converts the result. ``visible_text`` extracts the text that
ids depend on, ``readable_text`` the text of titles and descriptions.
"""
