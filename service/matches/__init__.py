"""Matchings from asking to keeping, and their files."""
