"""Entries: the contracts' journals."""
