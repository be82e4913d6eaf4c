#!/usr/bin/env python
"""Every operator command starts here; see ``collections_app/launcher.py``."""

import sys

from collections_app.launcher import run

if __name__ == "__main__":
    run(sys.argv)
