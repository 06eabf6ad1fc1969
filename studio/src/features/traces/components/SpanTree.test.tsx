import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { renderAt } from "@/testing/render";
import { buildSpanTree } from "../logic/spanTree";
import type { Span } from "../model";
import { SpanTree } from "./SpanTree";

function span(id: string, parent: string | null, start: number): Span {
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
  };
}

const FOREST = buildSpanTree([span("root", null, 0), span("a", "root", 1), span("b", "root", 2)]);

function Harness() {
  const [selected, select] = useState<string | null>("root");
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => {
    setCollapsed((before) => (before.has(id) ? new Set() : new Set([id])));
  };
  return <SpanTree forest={FOREST} extentMs={20} collapsed={collapsed} selected={selected} onSelect={select} onToggle={toggle} />;
}

function names(): (string | null)[] {
  return screen.getAllByRole("treeitem").map((item) => item.id);
}

describe("SpanTree", () => {
  it("is one stop for Tab and moves by arrow keys", async () => {
    await renderAt("/w/demo", <Harness />);
    const user = userEvent.setup();
    await user.tab();
    expect(document.activeElement).toBe(screen.getByRole("tree"));
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(screen.getByRole("treeitem", { selected: true }).id).toBe("span-b");
    expect(screen.getByRole("tree").getAttribute("aria-activedescendant")).toBe("span-b");
  });

  it("closes and opens what is below a span", async () => {
    await renderAt("/w/demo", <Harness />);
    const user = userEvent.setup();
    await user.tab();
    await user.keyboard("{ArrowLeft}");
    expect(names()).toEqual(["span-root"]);
    await user.keyboard("{ArrowRight}");
    expect(names()).toEqual(["span-root", "span-a", "span-b"]);
  });
});
