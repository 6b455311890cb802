"""Balances: what a payee has earned, claimed and can claim."""
