"""Keys of machines that act for an account."""
