"""The demonstration: the sample files' partners act on a local chain, and all of it is looked at."""
