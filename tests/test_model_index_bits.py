"""Packed answers are the answers."""

import numpy as np
import pytest

from model.index.bits import masks, ones, packed, word_type, yes_by_item


@pytest.mark.parametrize("k", [1, 2, 8, 9, 30, 32, 33, 64, 65, 130])
@pytest.mark.parametrize("n", [0, 1, 7, 255, 600])
def test_packing_keeps_every_answer(n, k):
    answers = np.random.default_rng([n, k]).integers(0, 2, (n, k)).astype(np.uint8)
    chunks = [*packed(answers)]
    words = np.concatenate(chunks) if chunks else np.zeros((0, 1), word_type(k))
    bits = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")[:, :k] if n else answers
    assert (bits == answers).all()
    assert (ones(words) == answers.sum(axis=1)).all()
    assert (yes_by_item(answers) == answers.sum(axis=0)).all()


def test_chunks_of_a_large_array_follow_each_other():
    answers = np.random.default_rng(0).integers(0, 2, (150_000, 30)).astype(np.uint8)
    chunks = [*packed(answers)]
    assert len(chunks) > 1
    assert (np.concatenate([ones(words) for words in chunks]) == answers.sum(axis=1)).all()


def test_a_word_is_no_larger_than_needed():
    assert [word_type(k).itemsize for k in (1, 8, 9, 16, 17, 32, 33, 64, 65)] == [1, 1, 2, 2, 4, 4, 8, 8, 8]
    assert masks(np.array([[True, False, True]])).tolist() == [[5]]
