"""Everything that reads about write-offs, refunds, charges and statements."""
