"""`make bench-mirror`: how fast the mirror is, beside Ponder and beside what the machine allows at all."""
