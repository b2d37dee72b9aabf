"""From stored tables to a validated model."""
