"""Balances, payout history, statements and exports."""
