"""Answers requests with a trained model: one core, and an adapter for each place it runs in."""
