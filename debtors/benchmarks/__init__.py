"""How fast a portfolio comes in, beside the same rows written by hand."""
