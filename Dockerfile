# syntax=docker/dockerfile:1
#
# Countersign as an image: `docker build -t countersign .`, then see docs/operations.md.
#
# Not yet built by an engine. What it does was run step by step, as this user and with this environment, and
# test/boundary/deployment.test.ts holds its paths and settings against the project; the first build is yours to look at.

# 24, since Node before 24.9 hands over upgrades that are no WebSocket
ARG NODE_IMAGE=node:24-bookworm-slim

# The sources, compiled. No install scripts: all that one of them would bring is the Node of a checkout, and here the
# base's own compiles.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json rolldown.config.ts ./
COPY src ./src
RUN npm run build

# What runs, without what compiled it; better-sqlite3 brings its binaries inside the package.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Countersign" \
      org.opencontainers.image.description="A self-hosted sign-request server for the XRP Ledger and Xahau" \
      org.opencontainers.image.licenses="MIT"

WORKDIR /app
COPY package.json LICENSE CHANGELOG.md ./
COPY bin ./bin
COPY web/sign-page ./web/sign-page
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# `docker exec … countersign app create` works as it does installed; the volume belongs to the user below
RUN ln -s /app/bin/countersign.js /usr/local/bin/countersign \
 && install -d -o node -g node -m 0700 /data

ENV NODE_ENV=production \
    PORT=3000 \
    DATABASE_URL=sqlite:/data/countersign.db
VOLUME /data
EXPOSE 3000

# by number, so that an orchestrator can see that it is not root
USER 1000:1000

# whether the process answers, and nothing more: a database that is away is no reason to restart a node
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

# no shell in between: SIGTERM reaches the server, which drains and exits
ENTRYPOINT ["node", "/app/bin/countersign.js"]
CMD ["serve"]
