"""The demonstration: a supervisor, and months of lifelike history."""
