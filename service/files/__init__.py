"""What every file that goes out has in common: endings, sheets, letterhead, typesetting."""
