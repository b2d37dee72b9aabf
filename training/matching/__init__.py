"""From stored tables to a matching: who could serve whom, what it is worth, the answer with its reasons."""
