"""Measurements with recorded feed documents, and measurements of single steps such as the build of a large day."""
