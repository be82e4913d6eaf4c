"""The configuration of gunicorn: ``gunicorn -c collections_app/web_server.py``."""

from __future__ import annotations

import os

# A page may not keep the database busy; the commands and the night have more time.
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "10000")

wsgi_app = "collections_app.wsgi:application"
bind = [os.environ.get("BIND", "127.0.0.1:8000")]
workers = int(os.environ.get("WEB_PROCESSES", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 20
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
accesslog = None
errorlog = "-"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112
