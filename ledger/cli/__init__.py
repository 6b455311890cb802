"""The `pledger` command: thin commands over the library."""
