# The sandbox as a server:
#   docker build -t linode-sandbox .
#   docker run --rm -p 127.0.0.1:8080:8080 -v world:/data linode-sandbox --token secret
# Words after the name of the image are further options of linode-sandbox.

FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.13-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir "$(echo /wheels/*.whl)[sandbox]"
RUN install -d -o 10001 -g 10001 /data
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["python", "-c", "import http.client as http; to = http.HTTPConnection('127.0.0.1', 8080, timeout=2); to.request('GET', '/sandbox/health'); raise SystemExit(to.getresponse().status != 200)"]
ENTRYPOINT ["linode-sandbox", "--host", "0.0.0.0", "--port", "8080", "--data", "/data/world.db"]
