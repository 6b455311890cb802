"""What the contracts logged: entries, decoded by the packaged ABIs, and the chain of their heads."""
