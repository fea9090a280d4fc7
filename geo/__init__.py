"""The grid itself: the same core for notebook, command line and web."""
