"""From stored tables to a validated, published model and the advice drawn from it."""
