"""Powers: who may do what, since when, and what is scheduled."""
