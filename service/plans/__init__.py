"""Training plans from asking to keeping, and their files."""

MOST_BUDGET = 10**15
"""Rupiah; more is a slip of the finger. Here, for the API names it and waits for no planner at start-up."""
