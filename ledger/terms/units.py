"""Units: seconds for time, parts of 1e18 for shares. Amounts are in token base units everywhere."""

MINUTE = 60
HOUR = 3_600
DAY = 86_400
WHOLE = 10**18
"""One whole share: in each tranche the payees' weights sum to exactly this."""
