"""From the HTML of an entry to Markdown: what is kept, and what is safe to render."""
