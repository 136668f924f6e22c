"""Pictures and enclosures: fetched once, stored under the hash of their bytes, and listed beside their articles."""
