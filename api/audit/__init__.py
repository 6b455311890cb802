"""Audit: does the mirror agree with the chain, and does the money add up."""
