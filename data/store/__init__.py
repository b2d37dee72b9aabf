"""The database: append-only rows in numbered data versions, and the records beside them."""
