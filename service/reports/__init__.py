"""Reports for the head of office and records for the supervisor of personal data: composed, written, published."""
