"""The checkpoint that this operator signed."""
