"""Signing in with a wallet (EIP-4361), and the session that it begins."""
