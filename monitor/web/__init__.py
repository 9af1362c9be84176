"""The web view: what the archive holds, read-only, for a browser."""
