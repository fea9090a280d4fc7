"""Side-by-side measurements: ours and its peers, interleaved in one run on one machine.

``make bench`` runs all of them and writes ``bench/RESULTS.md``; ``ARGS="point_to_grid"`` runs one. Each file
holds one measurement: ``TITLE`` and ``measure(ground) -> list[Comparison]``. Nothing here is a test: machines
are noisy, so medians and ratios are quoted and nothing is asserted about time.
"""
