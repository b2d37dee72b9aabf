"""A model published with the learner that is asked for, whichever would have been the champion."""

from pathlib import Path

import pytest

from data.snapshot import Snapshot
from model.framework import Framework
from training.learning import validating
from training.learning.champion import Champion
from training.learning.training import train
from training.publishing import Model, load, save


def published_as(learner: str, snapshot: Snapshot, framework: Framework, folder: Path) -> Model:
    """Learn, write and read it: ``learner`` "linear" or "boosted"."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validating, "choose", lambda *_: Champion(learner, {}))
        learned = train(snapshot, framework)
    file = save(learned, folder, "m1")
    return load(file.path, file.sha256)
