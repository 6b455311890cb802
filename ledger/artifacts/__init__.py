"""What the compiler made of the contracts (ABI, code, storage layout), as data that the package carries."""
