# PgBouncer as Debian packages it: the version that our tests run through.
FROM debian:12.11-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends pgbouncer postgresql-client \
    && rm -rf /var/lib/apt/lists/*
USER postgres
HEALTHCHECK NONE
CMD ["pgbouncer", "/etc/pgbouncer/pgbouncer.ini"]
