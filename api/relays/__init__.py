"""What the relayer was asked to send, and what became of it."""
