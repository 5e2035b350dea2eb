# An image with sagatop and its demo. The first stage builds the package, the second installs it: no compiler, no sources.
#   docker build -t sagatop .
#   docker build -t sagatop --build-arg EXTRA=kubernetes-client .     # with kubectl, to watch pods
#   docker run --rm -it -v ~/.config/sagatop:/etc/sagatop:ro sagatop
FROM swift:6.2-bookworm AS build
WORKDIR /src
COPY . .
RUN scripts/install-packages build package && make deb

FROM debian:12-slim
ARG EXTRA=
COPY --from=build /src/.build/package/sagatop_*.deb /tmp/sagatop.deb
# ncurses-term: terminfo entries of common terminals.
RUN apt-get update \
 && apt-get install -y --no-install-recommends /tmp/sagatop.deb ca-certificates ncurses-term $EXTRA \
 && rm -rf /tmp/sagatop.deb /var/lib/apt/lists/* \
 && useradd --uid 65532 --create-home sagatop
USER 65532
ENV LC_ALL=C.UTF-8 XDG_STATE_HOME=/tmp/state
ENTRYPOINT ["sagatop"]
