"""Pure measures: frames in, index-aligned series and frames out."""
