# One image for every process; the command chooses: worker (the default), serve, sandbox, or any other of `gwm`.
# Node runs the TypeScript as it is, so there is no build step.

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
# The packages of the image; docs/security.md says how to read it. npm would miss the packages for development.
RUN npm pkg delete devDependencies && npm sbom --sbom-format=cyclonedx > sbom.cdx.json

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=dependencies /app/sbom.cdx.json ./
COPY package.json ./
COPY src ./src
COPY workers ./workers
# So that `docker exec … gwm status` works.
RUN ln -s /app/src/cli/main.ts /usr/local/bin/gwm

USER node
# Not through npm, which would keep SIGTERM to itself. Outside Compose run it with --init.
ENTRYPOINT ["node", "/app/src/cli/main.ts"]
CMD ["worker"]
