"""Compiled code of the index: flat arrays in, flat arrays out, no Python object per point, no lock held."""
