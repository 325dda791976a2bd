"""Identifiers that every country has."""
