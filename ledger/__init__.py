"""The domain library: chain access, mirror, accounting, reputation and audit."""
