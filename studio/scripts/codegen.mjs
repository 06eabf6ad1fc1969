// Writes src/api/schema.ts from the server's OpenAPI document; `--check` only says whether it is up to date (exit 1: it is not).
// The document comes from `python -m flowyard.server.openapi`, or from the file that FLOWYARD_OPENAPI names.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));
const target = fileURLToPath(new URL("../src/api/schema.ts", import.meta.url));

function document() {
  const file = process.env.FLOWYARD_OPENAPI;
  if (file) return readFileSync(file, "utf8");
  const local = `${root}.venv/bin/python`;
  const python = process.env.PYTHON ?? (existsSync(local) ? local : "python3");
  return execFileSync(python, ["-m", "flowyard.server.openapi"], { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 });
}

const header = "// Made from the server's OpenAPI document by `npm run codegen`. Not edited by hand.\n\n";
const text = header + astToString(await openapiTS(JSON.parse(document()), { alphabetize: true, defaultNonNullable: false }));
if (process.argv.includes("--check")) {
  if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    console.error("src/api/schema.ts does not fit the server's OpenAPI document. Run: npm run codegen");
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
