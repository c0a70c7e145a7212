"""Benchmark of the training: ratios measured in one run. Not part of what a job gets."""
