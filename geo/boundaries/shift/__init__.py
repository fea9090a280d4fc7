"""In which reference system do the coordinates of a file fit the zone? Evidence only; nothing is moved.

``readings`` are the systems a file could be in, ``samples`` its points, ``ground`` what they are held
against, ``surface`` how well they fit at every shift, ``outline`` how many lie in the zone, ``judge`` what
follows. How it works, and its limits, in words: ``docs/crs-check.md``.
"""
