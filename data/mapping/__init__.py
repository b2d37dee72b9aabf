"""Mapping files: how any real table comes in under the contract's names (contract, section 4)."""
