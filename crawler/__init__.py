"""HTTP and HTML, and when to ask."""
