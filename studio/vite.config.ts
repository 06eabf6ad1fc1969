import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// `npm run dev` shows the studio with hot reload in front of a running server.
const server = process.env.FLOWYARD_URL ?? "http://127.0.0.1:8800";
const proxied = ["/api", "/v1", "/health", "/version", "/endpoints", "/gateway"];

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(proxied.map((path) => [path, { target: server, changeOrigin: true }])),
  },
  build: {
    target: "es2023",
    // Small assets stay files: the content security policy allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1800,
  },
  worker: { format: "es" },
  test: {
    environment: "happy-dom",
    setupFiles: ["src/testing/setup.ts"],
    css: false,
    // One DOM for a worker instead of one a file: several times faster; src/testing/setup.ts cleans up after each test.
    isolate: false,
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
