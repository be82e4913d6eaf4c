"""Everything that reads about contacts."""
