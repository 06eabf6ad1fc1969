import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { renderAt } from "@/testing/render";
import type { Span } from "../model";
import { LargeValues } from "./LargeValues";

const SPAN: Span = {
  trace_id: "t",
  span_id: "s",
  parent_id: null,
  name: "chat",
  kind: "llm",
  status: "ok",
  status_message: null,
  started_at: "2026-01-01T00:00:00Z",
  start_offset_ms: 0,
  duration_ms: 10,
  events: [{ name: "prompt", at: "2026-01-01T00:00:00Z", attributes: { text: "w0…" } }],
  large: [
    { name: "flowyard.input", bytes: 2_300_000 },
    { name: "text", bytes: null, event: 0 },
  ],
};
const TEXT = Array.from({ length: 100_000 }, (_, line) => `line ${String(line)} of the Document`).join("\n");

it("a large value is asked for when somebody wants it, and only what is in sight of it is in the page", async () => {
  const user = userEvent.setup();
  // The page of a test has no size.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(800);
  const asked: string[] = [];
  vi.stubGlobal("fetch", (path: string) => {
    asked.push(path);
    return Promise.resolve(new Response(TEXT, { headers: { "content-type": "text/plain; charset=utf-8" } }));
  });
  await renderAt("/w/demo", <LargeValues span={SPAN} />);
  expect(screen.getByRole("button", { name: "prompt: text: show whole value" })).toBeDefined();
  expect(asked).toEqual([]);
  await user.click(screen.getByRole("button", { name: "flowyard.input: show whole value, 2.3 MB" }));
  const region = await screen.findByRole("region", { name: "flowyard.input" });
  expect(asked).toEqual(["/api/v1/workspaces/demo/traces/t/spans/s/value?name=flowyard.input"]);
  await waitFor(() => expect(region.textContent).toContain("line 1 of the Document"), { timeout: 20_000 });
  expect(region.textContent.length).toBeLessThan(10_000);
  await user.type(screen.getByLabelText("Search in the value"), "line 99999 of the document");
  await waitFor(() => expect(screen.getByText("1 of 1")).toBeDefined(), { timeout: 20_000 });
}, 60_000);
