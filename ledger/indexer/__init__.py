"""Fetch, decode, apply: contract events into SQL, exactly once, through reorgs."""
