"""Measurements of this program. Each module or package says in its docstring what it measures and how to run it."""
