"""Whether a model's confidence is the share of its answers that are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

BINS = 15


@dataclass(frozen=True)
class Bin:
    """Answers with a confidence above `low` and up to `high`; means are None where there is no answer."""

    low: float
    high: float
    images: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True)
class Predictions:
    """Of every image: its true label, the label the model gives, and the probability it gives to that."""

    labels: Tensor
    answers: Tensor
    confidences: Tensor

    @staticmethod
    def of_logits(logits: Tensor, labels: Tensor) -> Predictions:
        """The likeliest class of each row."""
        confidences, answers = logits.double().softmax(dim=1).max(dim=1)
        return Predictions(labels, answers, confidences)

    def confusion(self, classes: int) -> list[list[int]]:
        """Counts by true label, then by the label that the model gives."""
        counts = torch.bincount(self.labels * classes + self.answers, minlength=classes * classes)
        rows: list[list[int]] = counts.view(classes, classes).tolist()
        return rows

    def bins(self, count: int = BINS) -> list[Bin]:
        """Reliability bins of equal width."""
        right = (self.labels == self.answers).double()
        # Bin k holds (k / count, (k + 1) / count]; a probability is never 0.
        index = (self.confidences * count).ceil().long().clamp(1, count) - 1
        found = []
        for number in range(count):
            of_bin = index == number
            images = int(of_bin.sum())
            found.append(
                Bin(
                    number / count,
                    (number + 1) / count,
                    images,
                    self.confidences[of_bin].mean().item() if images else None,
                    right[of_bin].mean().item() if images else None,
                )
            )
        return found


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """Mean distance of confidence and accuracy over all images (Guo et al. 2017, arXiv:1706.04599)."""
    images = sum(one.images for one in bins)
    distances = [
        one.images * abs(one.accuracy - one.confidence)
        for one in bins
        if one.accuracy is not None and one.confidence is not None
    ]
    return sum(distances) / images


def most_confused(confusion: Sequence[Sequence[int]], names: Sequence[str], most: int = 10) -> list[dict[str, Any]]:
    """The commonest mistakes, the larger counts first."""
    mistakes = [
        (count, names[down], names[across])
        for down, row in enumerate(confusion)
        for across, count in enumerate(row)
        if down != across and count
    ]
    mistakes.sort(key=lambda mistake: (-mistake[0], mistake[1], mistake[2]))
    return [{"class": true, "seen_as": seen, "images": count} for count, true, seen in mistakes[:most]]
