"""The command line, run as a process: options, output, exit status, signals, the demo, the README's commands."""
