"""Digests and comparisons as text, one module a format."""
