"""``python -m feedarchive``: the same as the console script ``feedarchive``."""

import sys

from feedarchive.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
