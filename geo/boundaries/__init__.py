"""Files in, frames out; rules in, findings out."""
