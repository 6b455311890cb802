"""How the mirror behaves with many rows: sizes, plans, and what they say of a thousand million."""
