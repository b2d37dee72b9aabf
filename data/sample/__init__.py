"""A city that never was: tables of the contract with a known truth beside them, to try and to judge by.

It imports nothing of model, training or service, so that nothing is judged by its own assumptions.
"""

from data.sample.city import KINDS, City, make_city
from data.sample.recipe import LIMITS
from data.sample.writing import OwnTableError, write_city

__all__ = ["KINDS", "LIMITS", "City", "OwnTableError", "make_city", "write_city"]
