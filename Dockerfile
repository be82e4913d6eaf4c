# The production image: one image, several commands (web, worker, beat, migrate).

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements/runtime.txt /tmp/runtime.txt
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/runtime.txt
COPY requirements/assets.txt /tmp/assets.txt
RUN python -m venv /opt/assets && /opt/assets/bin/pip install --require-hashes -r /tmp/assets.txt
COPY collections_app/fonts.py /build/collections_app/fonts.py
RUN /opt/assets/bin/python /build/collections_app/fonts.py

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=collections_app.settings.production \
    STATIC_ROOT=/srv/static \
    VAR_DIR=/srv/var
RUN useradd --system --uid 10001 --home-dir /srv --shell /usr/sbin/nologin ugoda \
    && install -d -o ugoda -g ugoda /srv/var /srv/static
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/app
COPY . .
COPY --from=build /build/static/fonts static/fonts
RUN SECRET_KEY=build DATA_SECRETS=build DATABASE_URL=postgres://build/build \
    CELERY_BROKER_URL=redis://build ALLOWED_HOSTS=build \
    python manage.py collectstatic --noinput --verbosity 0
USER 10001
VOLUME /srv/var
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["gunicorn", "--config", "collections_app/web_server.py"]
