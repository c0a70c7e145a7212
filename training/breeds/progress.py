"""How far a run is, and when it is done."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from breeds.metrics import EpochRecord


@dataclass
class Progress:
    """Finished epochs, and of the one under way its finished steps, summed loss and images."""

    history: list[EpochRecord] = field(default_factory=list)
    step: int = 0
    loss_sum: float = 0.0
    images: float = 0.0

    @property
    def best(self) -> EpochRecord:
        """The first epoch with the lowest validation loss."""
        return min(self.history, key=lambda record: record.validation_loss)

    def finished(self, epochs: int, patience: int) -> bool:
        """Whether all epochs are done, or the last `patience` of them brought no better validation loss."""
        done = len(self.history)
        return done >= epochs or (done > 0 and done - self.best.epoch >= patience)


def rate_factor(epoch: int, epochs: int) -> float:
    """Cosine from 1 towards 0 over the epochs, counted from 0: a function of the epoch, so nothing to restore."""
    return 0.5 * (1 + math.cos(math.pi * epoch / epochs))
