# One image for worker, watcher, Flower and single commands:  docker run --rm copydesk --help
# The locked packages are installed by hash; the tools that build copydesk stay behind in the first stage.

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
WORKDIR /src

COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/copydesk \
    && /opt/copydesk/bin/pip install --require-hashes -r requirements.lock \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes -r requirements-build.lock

COPY pyproject.toml README.md LICENSE ./
COPY config config
COPY copydesk copydesk
COPY worker worker
COPY tasks tasks
RUN /opt/build/bin/python -m hatchling build -t wheel -d /dist \
    && /opt/copydesk/bin/pip install --no-deps --no-index /dist/*.whl \
    && /opt/copydesk/bin/pip check


FROM python:3.12-slim
LABEL org.opencontainers.image.title="copydesk" \
      org.opencontainers.image.licenses="Apache-2.0"

# The user owns the desk and has to be able to move files in the mounted news folder:
# build with your own ids where they are not 1000 (docker-compose.yml does, from .env).
ARG UID=1000
ARG GID=1000
RUN groupadd --non-unique --gid "$GID" copydesk \
    && useradd --non-unique --uid "$UID" --gid "$GID" --home-dir /tmp --no-create-home \
        --shell /usr/sbin/nologin copydesk \
    && install -d -o "$UID" -g "$GID" -m 0700 /desk \
    && install -d -o "$UID" -g "$GID" /news

COPY --from=build /opt/copydesk /opt/copydesk
ENV PATH=/opt/copydesk/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    COPYDESK_DESK=/desk

USER $UID:$GID
WORKDIR /news
ENTRYPOINT ["copydesk"]
CMD ["--help"]
