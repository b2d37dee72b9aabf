"""Businesses to mentors: the best matching under places and reach, its proof, its prices, and what a change moves."""
