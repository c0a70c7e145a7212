"""How well a model does on a split, measured over all processes."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from breeds.data import Batches
from breeds.distributed import Process
from breeds.metrics import Evaluation


def evaluate(model: nn.Module, batches: Batches, classes: int, process: Process) -> Evaluation:
    """One pass in evaluation mode over the shares of all processes, in full precision as in serving."""
    model.eval()
    loss_sum = 0.0
    correct, images = torch.zeros(classes, dtype=torch.float64), torch.zeros(classes, dtype=torch.float64)
    with torch.inference_mode():
        for inputs, labels in batches:
            logits = model(inputs.to(process.device, non_blocking=True)).float().cpu()
            loss_sum += cross_entropy(logits, labels, reduction="sum").item()
            hits = labels[logits.argmax(dim=1) == labels]
            correct += torch.bincount(hits, minlength=classes)
            images += torch.bincount(labels, minlength=classes)
    totals = process.total(torch.cat([torch.tensor([loss_sum], dtype=torch.float64), correct, images]))
    correct, images = totals[1 : 1 + classes], totals[1 + classes :]
    count = images.sum().item()
    return Evaluation(
        loss=totals[0].item() / count,
        accuracy=correct.sum().item() / count,
        correct=tuple(int(value) for value in correct.tolist()),
        images=tuple(int(value) for value in images.tolist()),
    )
