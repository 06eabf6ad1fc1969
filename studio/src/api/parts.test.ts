import { afterEach, expect, test, vi } from "vitest";
import { keyOf, uploadInParts } from "./parts";

const MIB = 1024 * 1024;

/** A server that loses the answer to the second part and all of the third once. */
function server() {
  const kept: number[] = [];
  let size = 0;
  let puts = 0;
  const told = () => Response.json({ id: "u", files: [{ path: "a.bin", bytes: 20 * MIB, received: size }], bytes: 20 * MIB, received: size, part_bytes: 32 * MIB, expires_at: "" });
  return {
    kept,
    fetch: (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
      const url = input instanceof Request ? input.url : input instanceof URL ? input.href : input;
      if (url.endsWith("/complete")) return Promise.resolve(Response.json({ reference: "upload:x", bytes: size, files: 1, rows: null }));
      if (!url.includes("/content")) return Promise.resolve(told());
      puts += 1;
      if (puts === 3) return Promise.reject(new TypeError("network"));
      expect(new URL(url, "http://x").searchParams.get("offset")).toBe(String(size));
      size += (init?.body as Blob).size;
      kept.push(size);
      return puts === 2 ? Promise.reject(new TypeError("network")) : Promise.resolve(told());
    },
  };
}

afterEach(() => vi.unstubAllGlobals());

test("parts go on where the file ends, whatever the network lost", async () => {
  const { fetch, kept } = server();
  vi.stubGlobal("fetch", fetch);
  const file = new File([new Uint8Array(20 * MIB)], "a.bin", { lastModified: 5 });
  const seen: number[] = [];
  const made = await uploadInParts("w", [{ path: "a.bin", file }], (sent) => seen.push(sent), new AbortController().signal);
  expect(made.reference).toBe("upload:x");
  expect(kept).toEqual([8 * MIB, 16 * MIB, 20 * MIB]);
  expect(seen).toEqual([0, 8 * MIB, 20 * MIB]);
});

test("other files have another key", () => {
  const file = (lastModified: number) => ({ path: "a", file: new File(["x"], "a", { lastModified }) });
  expect(keyOf([file(1)])).toBe(keyOf([file(1)]));
  expect(keyOf([file(1)])).not.toBe(keyOf([file(2)]));
});
