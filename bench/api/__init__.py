"""How many answers a second the API gives, beside a bare FastAPI route that returns the same bytes."""
