import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { zipOf } from "./zip";

it("packs files that another program unpacks as they were", async () => {
  const folder = mkdtempSync(join(tmpdir(), "zip-"));
  try {
    const binary = Uint8Array.from({ length: 1000 }, (_, index) => index % 256);
    const packed = await zipOf([
      { path: "flow/flow.dag.yaml", file: new Blob(["nodes: []\n"]) },
      { path: "flow/ä.bin", file: new Blob([binary]) },
    ]);
    writeFileSync(join(folder, "a.zip"), new Uint8Array(await packed.arrayBuffer()));
    execFileSync("python3", ["-m", "zipfile", "-e", join(folder, "a.zip"), folder], { env: { ...process.env, PYTHONUTF8: "1" } });
    expect(readFileSync(join(folder, "flow/flow.dag.yaml"), "utf8")).toBe("nodes: []\n");
    expect([...readFileSync(join(folder, "flow/ä.bin"))]).toEqual([...binary]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
