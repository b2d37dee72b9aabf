"""Training plans from asking to keeping, and their files."""
