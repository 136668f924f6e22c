"""The measured systems. Each has its own module."""
