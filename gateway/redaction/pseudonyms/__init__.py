"""Pseudonyms, and which known_values are one person's."""
