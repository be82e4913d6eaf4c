"""Benchmarks that need several of the topmost apps at once."""
