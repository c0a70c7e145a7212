"""Packs artifacts of a small network with random weights, as training exports them.

python write_artifact.py CLASSES ARCHIVE...: each archive has weights of its own.
"""

import sys
import tempfile
from pathlib import Path

import torch

from breeds.archive import pack
from breeds.export import export
from breeds.model import build
from breeds.preprocessing import Preprocessing
from breeds.serve.package import serving_files

count = int(sys.argv[1])
names = [f"{number:03}.Breed_{number:03}" for number in range(1, count + 1)]
for seed, archive in enumerate(sys.argv[2:]):
    torch.manual_seed(seed)
    weights = build("resnet18", count, "full", None).model.state_dict()
    metrics = {"validation": {"accuracy": 0.5}}
    with tempfile.TemporaryDirectory() as folder:
        artifact = Path(folder) / "model"
        export(artifact, weights, "resnet18", names, Preprocessing.of_size(64), metrics, serving_files())
        pack(artifact, Path(archive))
