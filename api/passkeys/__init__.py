"""Accounts of passkeys: what one is asked to sign, what signature comes of it, and which account it is of."""
