"""What the programme means, and its mathematics: no file, no database, no web."""
