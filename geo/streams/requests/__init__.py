"""Bodies of requests in, the same kind of body out: JSON, NDJSON, CSV and Arrow, as they come in."""
