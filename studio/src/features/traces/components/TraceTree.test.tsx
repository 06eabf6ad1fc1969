import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { renderAt } from "@/testing/render";
import { buildSpanTree } from "../logic/spanTree";
import type { Span } from "../model";
import { TraceTree } from "./TraceTree";

function span(id: string, parent: string | null, start: number, more: Partial<Span> = {}): Span {
  return {
    trace_id: "t",
    span_id: id,
    parent_id: parent,
    name: `span ${id}`,
    kind: "node",
    status: "ok",
    status_message: null,
    started_at: "2026-01-01T00:00:00Z",
    start_offset_ms: start,
    duration_ms: 10,
    ...more,
  };
}

const FOREST = buildSpanTree([span("root", null, 0), span("a", "root", 1), span("b", "root", 2, { status: "error" }), span("c", "root", 10, { attributes: { reply: "Paris" } })]);

function Harness() {
  const [selected, select] = useState<string | null>("root");
  return <TraceTree forest={FOREST} selected={selected} onSelect={select} />;
}

function names(): (string | null)[] {
  return screen.getAllByRole("treeitem").map((item) => item.id);
}

function selected(): string {
  return screen.getByRole("treeitem", { selected: true }).id;
}

async function begin() {
  const { router } = await renderAt("/w/demo", <Harness />);
  screen.getByRole("tree").focus();
  return { router, user: userEvent.setup() };
}

describe("TraceTree", () => {
  it("moves by arrow keys, with the focus on the tree", async () => {
    const { user } = await begin();
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(selected()).toBe("span-b");
    expect(screen.getByRole("tree").getAttribute("aria-activedescendant")).toBe("span-b");
  });

  it("closes and opens what is below a span", async () => {
    const { user } = await begin();
    await user.keyboard("{ArrowLeft}");
    expect(names()).toEqual(["span-root"]);
    await user.keyboard("{ArrowRight}");
    expect(names()).toEqual(["span-root", "span-a", "span-b", "span-c"]);
  });

  it("goes to the next error, and opens what hides it", async () => {
    const { user } = await begin();
    await user.keyboard("{ArrowLeft}e");
    expect(selected()).toBe("span-b");
    expect(names()).toHaveLength(4);
  });

  it("finds what stands in attributes, goes there by Enter, and keeps the text in the address", async () => {
    const { router, user } = await begin();
    await user.keyboard("/");
    await user.keyboard("paris");
    expect(await screen.findByText("– of 1")).toBeDefined();
    await user.keyboard("{Enter}");
    expect(selected()).toBe("span-c");
    expect(screen.getByText("1 of 1")).toBeDefined();
    await waitFor(() => expect(router.state.location.search).toEqual({ find: "paris" }));
    await user.keyboard("{Escape}");
    expect(document.activeElement).toBe(screen.getByRole("tree"));
  });

  it("zooms by keys and keeps what is in sight in the address", async () => {
    const { router, user } = await begin();
    await user.keyboard("{End}z");
    expect(screen.getByLabelText("Time in sight").textContent).toBe("7 ms – 20 ms");
    await waitFor(() => expect(router.state.location.search).toMatchObject({ time: "7-20" }));
    await user.keyboard("0");
    expect(screen.queryByLabelText("Time in sight")).toBeNull();
    await waitFor(() => expect(router.state.location.search).not.toHaveProperty("time"));
  });
});
