"""Where the parts meet; nobody imports it."""
