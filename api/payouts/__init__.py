"""Payouts: a payee's history, what came in and what of it went to the payee."""
