"""Proof bundles: what an auditor needs beside a block hash, in one file. The format is docs/bundle.md."""
