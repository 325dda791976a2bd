"""Identifiers of the United Kingdom, a file for each kind."""
