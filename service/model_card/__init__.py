"""The model card: what a published model is for, what it learned from and how far it holds, for a page or Markdown."""

from service.model_card.composing import compose
from service.model_card.markdown import check_out, markdown, write

__all__ = ["check_out", "compose", "markdown", "write"]
