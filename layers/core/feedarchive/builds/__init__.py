"""Build the files that are made from articles: digests, pages, the index and status.json. Announce finished days.

Terms of this package:

- digest: ``digest.json`` and ``digest.md`` in the folder of a day. They list the articles of the day.
- index: ``archive/index.json``, the list of all days.
- later version: a revision or a companion (a full text, or a list of media) that was archived on a later day than its
  article.
- announce: tell people once that a day is finished, for example by mail, and write its record.
- record: ``days/2025-12-25.json``. It contains hashes of the files of an announced day.
"""
