# The gateway and the command in one small image. Built and tried as a Debian package by `make deb`; as an image it is
# linted only (scripts/lint-containers), not run, because the machines that check this project have no container engine.
#
#   docker build -t eskiz . && docker run --read-only -v eskiz:/var/lib/eskiz --env-file eskiz.env -p 127.0.0.1:8080:8080 eskiz

FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsqlite3-dev zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN swift build --configuration release --product eskiz --static-swift-stdlib -Xlinker -s \
    && install -D -m 0755 .build/release/eskiz /out/eskiz

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libpq5 libsqlite3-0 libstdc++6 tzdata zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 eskiz \
    && useradd --uid 10001 --gid 10001 --no-log-init --home-dir /var/lib/eskiz --shell /usr/sbin/nologin eskiz \
    && install -d -m 0700 -o eskiz -g eskiz /var/lib/eskiz
COPY --from=build /out/eskiz /usr/bin/eskiz
USER 10001:10001
WORKDIR /var/lib/eskiz
VOLUME /var/lib/eskiz
ENV ESKIZ_STATE_DIR=/var/lib/eskiz ESKIZ_LOG_FILE= ESKIZ_LISTEN=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/eskiz"]
CMD ["serve"]
