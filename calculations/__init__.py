"""What may be calculated by itself: one table of topics for the shell, REST and the desk. Pure."""
