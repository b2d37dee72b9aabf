"""The mathematics of the training plan: gains, values, exact selection, ranges."""
