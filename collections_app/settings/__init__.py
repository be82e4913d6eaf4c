"""Settings: ``base`` for all; ``local``, ``external``, ``test`` and ``production`` on top of it.

All configuration comes from the environment; README.md has the table of it.
"""
