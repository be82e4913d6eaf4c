"""Pages of an administrator: people, teams, approval limits, API clients."""
