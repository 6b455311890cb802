"""Compiling, deploying, typed data, reading and sending: the only door to a node."""
