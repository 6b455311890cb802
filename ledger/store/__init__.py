"""SQLAlchemy tables and sessions, embedded PostgreSQL: the only door to SQL."""
