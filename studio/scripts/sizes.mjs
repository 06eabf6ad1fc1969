// Prints what the built studio weighs (gzip), and fails when the first page load is over its limit.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 300;
const dist = new URL("../dist/", import.meta.url);
const size = (path) => gzipSync(readFileSync(new URL(path, dist))).length / 1024;

const page = readFileSync(new URL("index.html", dist), "utf8");
if (/<script(?![^>]*\bsrc=)/.test(page)) throw new Error("index.html has an inline script, which the content security policy refuses");

const queue = [...page.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((match) => match[1]);
const first = new Set();
while (queue.length > 0) {
  const path = queue.pop();
  if (first.has(path)) continue;
  first.add(path);
  if (!path.endsWith(".js")) continue;
  const code = readFileSync(new URL(path, dist), "utf8");
  for (const match of code.matchAll(/(?:from|^import|[;}]import)\s*"\.\/([^"]+\.js)"/g)) queue.push(`assets/${match[1]}`);
}

let total = 0;
for (const path of first) total += size(path);
const all = readdirSync(new URL("assets/", dist)).filter((name) => /\.(js|css)$/.test(name));
const rows = all.map((name) => [`assets/${name}`, size(`assets/${name}`)]).sort((a, b) => b[1] - a[1]);
for (const [path, kb] of rows.slice(0, 14)) console.log(`${kb.toFixed(1).padStart(8)} kB  ${first.has(path) ? "first" : "lazy "}  ${path}`);
console.log(`${total.toFixed(1).padStart(8)} kB  first load (limit ${LIMIT_KB} kB), ${first.size} files; ${all.length} files in all`);
if (total > LIMIT_KB) process.exit(1);
