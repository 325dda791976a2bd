"""Pseudonyms, and which mentions are one person's."""
