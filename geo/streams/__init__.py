"""Rows of any size in, the same rows with their grid chain out: files, requests, frames, partitions."""
