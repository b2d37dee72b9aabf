"""What the API answers, as models that the document is made from. An answer may hold more than is described here."""
