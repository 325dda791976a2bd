FROM python:3.12-slim
WORKDIR /srv/countersign
COPY requirements.lock ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY audit audit
COPY countersign_client countersign_client
COPY gateway gateway
COPY policies policies
COPY prompts prompts
RUN pip install --no-cache-dir --no-deps --no-build-isolation . \
 && useradd --system --home /data countersign && mkdir /data && chown countersign /data
USER countersign
ENV COUNTERSIGN_DATA=/data COUNTERSIGN_HOST=0.0.0.0
EXPOSE 8080
CMD ["countersign", "serve"]
