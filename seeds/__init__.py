"""What is watched, and what was believed at the start."""
