"""Detection: what in a text is personal data."""
