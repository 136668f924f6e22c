"""Run the program "reader" in its own environment.

- ``reader_update.py add DATABASE URLS`` subscribes to the feeds in the file URLS.
- ``reader_update.py update DATABASE`` polls all feeds.
"""

import sys
from pathlib import Path

from reader import make_reader

action, database = sys.argv[1:3]
with make_reader(database) as reader:
    if action == "add":
        for url in Path(sys.argv[3]).read_text(encoding="utf-8").split():
            reader.add_feed(url)
        print("added")
    else:
        reader.update_feeds(workers=10, scheduled=False)
