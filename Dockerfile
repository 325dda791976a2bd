# The base is named by what it holds, so it has no default: a tag is another image tomorrow. To learn today's digest:
#   docker buildx imagetools inspect python:3.12-slim
#   make image BASE=python:3.12-slim@sha256:…
ARG BASE
FROM ${BASE} AS build
ARG SOURCE_DATE_EPOCH=0
ENV SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH} PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_COMPILE=1
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv --without-pip /opt/countersign \
 && python -m pip --python /opt/countersign/bin/python install --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY audit audit
COPY countersign_client countersign_client
COPY gateway gateway
COPY policies policies
COPY prompts prompts
# Compiled modules that name their source's hash, not its time, are the same in every build, and need no writable file.
RUN python -m pip --python /opt/countersign/bin/python install --no-deps --no-build-isolation . \
 && /opt/countersign/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/countersign \
 && mkdir -p /data

FROM ${BASE}
COPY --from=build /opt/countersign /opt/countersign
COPY --from=build --chown=10001:10001 /data /data
# A number, so that Kubernetes can see that it is not root; it has no name, no shell and no home but its data.
USER 10001:10001
WORKDIR /data
ENV PATH=/opt/countersign/bin:$PATH HOME=/data PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    COUNTERSIGN_DATA=/data COUNTERSIGN_HOST=0.0.0.0 COUNTERSIGN_PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["countersign-health"]
CMD ["countersign", "serve"]
