"""Small simulated learning rows with a known truth, laid out as the relation takes them."""

import numpy as np

from model.learning.relation import Basis, tens
from model.learning.supported import Profiles


def rows(  # noqa: PLR0913 - the strengths behind the rows, each by name
    mentors=60,
    each=12,
    *,
    areas=3,
    main=0.0,
    cross=0.0,
    mentor_sd=0.1,
    noise=0.3,
    gaps=0.0,
    seed=0,
):
    """Basis and profiles: outcome = control + main · φ/10 + cross · φ/10 · need (area 0) + mentor + noise."""
    rng = np.random.default_rng(seed)
    mentor = np.repeat(np.arange(mentors), rng.integers(max(each // 2, 1), each * 3 // 2 + 1, mentors))
    n = len(mentor)
    score = np.clip(55 + rng.normal(0, 9, (mentors, 1)) + rng.normal(0, 12, (mentors, areas)), 0, 100)
    phi = tens(score)
    needs = (rng.random((n, areas)) < 0.4).astype(float)
    number = rng.standard_normal(n) + 0.03 * (score[mentor, 0] - 55)
    level = rng.integers(0, 6, n)
    controls = np.column_stack([np.ones(n), needs, number, level[:, None] == np.arange(6)])
    outcome = 0.2 * number + 0.05 * level + rng.normal(0, mentor_sd, mentors)[mentor] + rng.normal(0, noise, n)
    outcome += (main + cross * needs[:, 0]) * phi[mentor, 0]
    missing = (rng.random((mentors, areas)) < gaps)[mentor]
    basis = Basis(
        controls.astype(float),
        np.concatenate([np.zeros(areas + 2), np.full(6, 5.0)]),
        np.where(missing, 0.0, phi[mentor]),
        missing,
        needs,
        np.asarray(missing.any(axis=0)),
        np.ones(areas, dtype=bool),
        outcome,
        mentor,
    )
    return basis, Profiles(phi[:, None, :], np.zeros(n, dtype=np.int64))
