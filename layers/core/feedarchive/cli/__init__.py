"""The command line: one module for each command, and how output, progress and Ctrl-C are handled."""
