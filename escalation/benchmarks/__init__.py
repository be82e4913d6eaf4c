"""What the night costs, measured on a made-up book beside the least that it could cost."""
