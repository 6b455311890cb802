"""Brownie scripts for the local testnet: deploy, seed, and what a console needs."""
