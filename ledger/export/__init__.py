"""The mirror as files for other engines."""
