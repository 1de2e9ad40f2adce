# graft serve on CPUs, as an unprivileged user:
#
#   docker build -t graft .
#   docker run --rm -p 8080:8080 -v "$PWD/runs/pets:/models/pets:ro" graft serve /models/pets --host 0.0.0.0
#
# Without arguments it serves the model in /models/default.
FROM debian:12-slim AS build
# Set-up installs the packages as root.
WORKDIR /src
COPY tools/ tools/
COPY requirements.txt ./
# A layer of its own: libtorch is downloaded again only if set-up changes.
RUN GRAFT_CUDA=0 tools/setup.sh
COPY . .
RUN cmake --preset release -DGRAFT_TESTS=OFF --log-level=WARNING \
 && cmake --build build --target graft_cli \
 && cpack -G DEB --config build/CPackConfig.cmake -B build/packages

FROM debian:12-slim
# The package depends on the libraries. For text in pictures: a font; for https: certificates.
RUN --mount=type=bind,from=build,source=/src/build/packages,target=/packages \
    apt-get update \
 && apt-get install -y --no-install-recommends /packages/graft_*.deb ca-certificates fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /home/graft graft
USER 10001
WORKDIR /home/graft
EXPOSE 8080
STOPSIGNAL SIGTERM
# bash connects by itself, so the image needs no HTTP client.
HEALTHCHECK --start-period=30s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && read -r -t 5 line <&3 && [[ $line == *200* ]]"]
ENTRYPOINT ["graft"]
CMD ["serve", "/models/default", "--host", "0.0.0.0"]
