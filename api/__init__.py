"""The HTTP API and the portal: one folder per resource."""
