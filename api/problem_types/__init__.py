"""Problem types: what each ``type`` of a problem means."""
