"""The text of a field: normalised, cut, searched."""
