"""Open an archive and write each article into it exactly once.

Terms of this package:

- manifest: ``archive.json``, which makes a folder or bucket an archive.
- claim: a small object ``claims/<id>``. It says that an article is archived, and in which file.
- wording: a short hash (fingerprint) of an article's title and text. It changes if the publisher edits the words.
- revision: a later version of an article, archived after its publisher edited it.
- companion: a file beside an article, such as the full text of its page.
"""
