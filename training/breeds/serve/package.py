"""What an artifact needs beside the model so that AWS's images can serve it without a network."""

from __future__ import annotations

from pathlib import Path

import breeds

# Both find the package beside the weights: Ray's image has the artifact's root on its path, the toolkit only `code`.
DEPLOYMENT = '''"""Entry point of AWS's Ray Serve image."""

from breeds.serve.ray_app import app as app
'''
INFERENCE = '''"""Entry point of SageMaker's inference toolkit."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from breeds.serve.toolkit import model_fn as model_fn
from breeds.serve.toolkit import transform_fn as transform_fn
'''
# What is told here would override the deployment's own numbers, so nothing is.
CONFIG = """applications:
  - name: breeds
    route_prefix: /
    import_path: deployment:app
"""


def serving_files() -> dict[str, bytes]:
    """Relative path to content: the entry points, and the sources of this package, without its tests."""
    root = Path(breeds.__file__).parent
    sources = {f"breeds/{path.relative_to(root).as_posix()}": path.read_bytes() for path in sorted(root.rglob("*.py"))}
    entries = {"config.yaml": CONFIG, "deployment.py": DEPLOYMENT, "code/inference.py": INFERENCE}
    return sources | {name: text.encode() for name, text in entries.items()}
