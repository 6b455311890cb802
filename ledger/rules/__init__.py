"""The contracts' arithmetic and rules as pure functions: what accounting, reputation, audit and API go by."""
