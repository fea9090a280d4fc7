"""Bring files in: read, check, report; and only when asked to, write all of it or nothing."""
