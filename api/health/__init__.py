"""Health: is the server alive, and is the mirror close enough to the chain."""
