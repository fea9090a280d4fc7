"""Side-by-side measurements: ours and its peers, interleaved in one run on one machine.

``make bench`` runs all of them and writes ``bench/RESULTS.md``; ``ARGS="point_to_grid"`` runs one and writes
its section. Each file named in ``__main__`` holds one measurement: ``TITLE`` and ``measure(ground)``, sizes
as constants on top. Nothing here is a test: machines are noisy, so medians and ratios are quoted and nothing
is asserted about time.
"""
