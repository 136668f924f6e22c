"""The documentation: its links, paths, commands and examples agree with the files and the code."""
