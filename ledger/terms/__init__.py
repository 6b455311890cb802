"""The vocabulary of the ledger, as its contracts have it: every other room may use it, and it uses none."""
