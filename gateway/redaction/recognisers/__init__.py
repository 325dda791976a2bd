"""Recognisers of identifiers: declarations in files by kind, and the recognition of labels, spoken numbers and codes.

`docs/identifiers.md` says how one is added.
"""
