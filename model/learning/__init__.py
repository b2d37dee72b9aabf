"""The mathematics of learning: outcome, relation, effects, tests, explanations."""
