"""From stored tables and a model to a training plan with its reasons."""
