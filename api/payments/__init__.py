"""Payments: what came in under an agreement, and what became of each."""
