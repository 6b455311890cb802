"""Who else acts for an account."""
