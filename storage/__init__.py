"""SQLite and its history; the only SQL."""
