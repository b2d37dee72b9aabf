"""The faces people use: commands, pages, API, over one use-case file."""
