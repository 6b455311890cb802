"""Proofs that trust a block hash and nothing else: no node, no database, no network."""
