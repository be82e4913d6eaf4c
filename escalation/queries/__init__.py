"""Everything that reads about strategies and where cases stand in them."""
