"""Points in, grids and buildings out."""
