"""The archive: its manifest and feeds file, claims, and the writing of every article exactly once."""
