"""The paper's index and its companions."""
