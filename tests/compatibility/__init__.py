"""Archives of earlier releases: the same input gives the same bytes, and an old archive continues.

``archive_0_1_0/`` is what release 0.1.0 wrote when it played ``scenario.py``. It is never regenerated.
"""
