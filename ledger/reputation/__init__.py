"""Scores, trust and partnership metrics: pure functions over ledger history."""
