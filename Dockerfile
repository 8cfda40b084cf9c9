# Greenlight in a container. The database and snapshots live in the volume /app/var; everything else can be made again.
# The same Debian release serves for building and running, so that compiled packages fit.
FROM debian:trixie-slim AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 python3-venv
COPY requirements.txt /app/requirements.txt
RUN python3 -m venv /app/.venv \
    && /app/.venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check -r /app/requirements.txt

FROM debian:trixie-slim
# tini ends what a killed browser leaves behind; the fonts have Latin, Cyrillic, Chinese, Japanese, Korean and emoji, for names.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates chromium-headless-shell fonts-dejavu-core fonts-droid-fallback fonts-noto-color-emoji \
        fonts-noto-core python3 tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin greenlight
COPY --from=build /app/.venv /app/.venv
COPY . /app
RUN mkdir -p /app/var \
    && chown greenlight:greenlight /app/var
WORKDIR /app
USER greenlight
ENV PATH=/app/.venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    LOG_FORMAT=json \
    API_HOST=0.0.0.0 \
    API_PORT=5000
VOLUME /app/var
EXPOSE 5000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD python -c "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['API_PORT'] + '/healthz', timeout=4)"
STOPSIGNAL SIGTERM
ENTRYPOINT ["tini", "--", "python", "main.py"]
