"""The demo zone: deterministic, seeded, structure-true."""
