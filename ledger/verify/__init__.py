"""Checking what others prove, from a block hash and packaged data: bundles, and control of an account."""
