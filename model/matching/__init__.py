"""Matching: each business to at most one mentor within places, most businesses first, then the largest sum of worth."""
