# docker build -t video-call .   (docs/operating.md says how to run it; docker-compose.yml does the whole of it)

FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN node scripts/build.mjs

# Only what runs: the packages without those of development.
FROM node:20-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:20-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/build ./build
COPY --from=build /app/dist ./dist
USER node
EXPOSE 9000 3478/udp 3479/udp
# Under a path prefix: -e HEALTH_PATH=/calls/healthz. With the flags --port, --cert or --https: -e HEALTH_URL=https://127.0.0.1:9443/healthz,
# whatever the certificate, since it asks itself.
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "const url = process.env.HEALTH_URL || `http://127.0.0.1:${process.env.PORT || 9000}${process.env.HEALTH_PATH || '/healthz'}`; require(url.startsWith('https') ? 'https' : 'http').get(url, { rejectUnauthorized: false }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
# In this form the server gets SIGTERM itself, and drains.
ENTRYPOINT ["node", "build/server/main.js"]
