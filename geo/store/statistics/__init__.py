"""Sums for statistics: who holds posts, what was done, which places there are."""
