"""Journal check, proofs and bundles: trusts a block hash and nothing else."""
