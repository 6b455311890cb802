"""Deals: who registered which customer, and who leads it."""
