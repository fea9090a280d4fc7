"""Frames in, folium layers and maps out; no database, no web."""
