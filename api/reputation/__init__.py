"""Reputation: a partner's score, and what made it."""
