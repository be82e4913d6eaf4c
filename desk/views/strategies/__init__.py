"""Strategies in the browser: read as a path, written as a draft, simulated, published by two."""
