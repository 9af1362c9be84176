"""Kinds of fact, one module each."""
