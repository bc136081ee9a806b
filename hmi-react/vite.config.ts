/** How the HMI is built, served while developing, and tested. */
import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const runtime = process.env["AUTOMATION_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: { outDir: "dist", assetsDir: "assets", target: "es2022", sourcemap: false, assetsInlineLimit: 0 },
  server: { proxy: { "/api": runtime, "/socket.io": { target: runtime, ws: true } } },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"], setupFiles: ["src/testing/setup.ts"], css: false, pool: "threads", isolate: false },
});
