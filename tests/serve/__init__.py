"""The window onto an archive: who may read what, and that nothing else is served."""
