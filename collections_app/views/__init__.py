"""Pages about the running of the product as a whole."""
