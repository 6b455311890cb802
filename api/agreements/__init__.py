"""Agreements: the terms in force, and their books."""
