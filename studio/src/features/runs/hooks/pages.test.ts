import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";
import { PAGE_ROWS } from "../logic/window";
import { type PageOf, Pages } from "./pages";

const TOTAL = 1000;

function listOf(client = new QueryClient()) {
  const asked: number[] = [];
  const pageOf: PageOf<string> = (offset) => ({
    queryKey: ["list", offset],
    queryFn: () => {
      asked.push(offset);
      return { items: Array.from({ length: Math.min(PAGE_ROWS, TOTAL - offset) }, (_, at) => `row ${String(offset + at)}`), total: TOTAL };
    },
    structuralSharing: false,
  });
  return { asked, client, pageOf, pages: new Pages(client, pageOf, 0, false) };
}

describe("Pages", () => {
  it("fetches what is in sight and what is beside it, once somebody watches, and tells when it has come", async () => {
    const { asked, client, pages } = listOf();
    const changed = vi.fn();
    expect(pages.rowAt(3)).toBeUndefined();
    expect(asked).toEqual([]);
    const stop = pages.watch(changed);
    await vi.waitFor(() => { expect(pages.rowAt(3)).toBe("row 3"); });
    expect(changed).toHaveBeenCalled();
    pages.onRange(450, 520);
    await vi.waitFor(() => { expect([pages.rowAt(450), pages.rowAt(399), pages.rowAt(600)]).toEqual(["row 450", "row 399", "row 600"]); });
    expect(new Set(asked)).toEqual(new Set([0, 200, 400, 600]));
    expect(asked).toHaveLength(4);
    stop();
    client.clear();
  });

  it("tells nobody while one scrolls within what is there", async () => {
    const { client, pages } = listOf();
    const stop = pages.watch(() => undefined);
    await vi.waitFor(() => { expect(pages.rowAt(0)).toBe("row 0"); });
    pages.onRange(200, 260);
    await vi.waitFor(() => { expect([pages.rowAt(0), pages.rowAt(200), pages.rowAt(400)]).not.toContain(undefined); });
    const changed = vi.fn();
    const stopToo = pages.watch(changed);
    pages.onRange(220, 290);
    expect(changed).not.toHaveBeenCalled();
    stopToo();
    stop();
    client.clear();
  });

  it("goes on telling one who watches when another has gone", async () => {
    const { client, pages } = listOf();
    const changed = vi.fn();
    const stop = pages.watch(changed);
    pages.watch(() => undefined)();
    await vi.waitFor(() => { expect(pages.rowAt(0)).toBe("row 0"); });
    changed.mockClear();
    client.setQueryData(["list", 0], { items: ["another"], total: 1 });
    await vi.waitFor(() => { expect(changed).toHaveBeenCalled(); });
    expect(pages.rowAt(0)).toBe("another");
    stop();
    client.clear();
  });

  it("finds the row after another one", async () => {
    const { client, pages } = listOf();
    const stop = pages.watch(() => undefined);
    await vi.waitFor(() => { expect(pages.rowAt(0)).toBe("row 0"); });
    expect([pages.neighbor("row 7", 1, String), pages.neighbor("row 0", -1, String), pages.neighbor("none", 1, String)]).toEqual(["row 8", undefined, undefined]);
    stop();
    client.clear();
  });
});
