import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { renderAt } from "@/testing/render";
import { IDLE_RUN, type TestRun } from "../logic/testRun";
import type { FlowGraph } from "../model";
import { TestPanel } from "./TestPanel";

const GRAPH: FlowGraph = {
  inputs: [
    { name: "topic", type: "string" },
    { name: "limit", type: "int", default: 3, has_default: true },
    { name: "token", type: "secret", default: "", has_default: true },
  ],
  outputs: [{ name: "text", type: "string", reference: "${write.output}" }],
  nodes: [{ name: "write", kind: "llm" }],
  edges: [],
  findings: [],
};

async function show(run: TestRun = IDLE_RUN) {
  const start = vi.fn();
  const select = vi.fn();
  const tester = { run, start, stop: vi.fn() };
  await renderAt("/w/demo", <TestPanel flow="demo" graph={GRAPH} tester={tester} focus={null} onSelectNode={select} />);
  return { start, select, user: userEvent.setup() };
}

describe("TestPanel", () => {
  beforeEach(() => {
    localStorage.clear();
  });

  it("says what is missing instead of running", async () => {
    const { start, user } = await show();
    await user.click(screen.getByRole("button", { name: "Run" }));
    expect(start).not.toHaveBeenCalled();
    expect(screen.getByText("Needs a value.")).toBeDefined();
  });

  it("sends values of the declared types", async () => {
    const { start, user } = await show();
    await user.type(screen.getByLabelText("topic"), "a lighthouse");
    await user.clear(screen.getByLabelText("limit"));
    await user.type(screen.getByLabelText("limit"), "5");
    await user.click(screen.getByRole("button", { name: "Run" }));
    expect(start).toHaveBeenCalledWith({ topic: "a lighthouse", limit: 5 });
  });

  it("keeps what was typed in this browser, but no secrets", async () => {
    const { user } = await show();
    await user.type(screen.getByLabelText("topic"), "sea");
    await user.type(screen.getByLabelText("token"), "hidden");
    expect(localStorage.getItem("flowyard-test/demo/demo")).toContain("sea");
    expect(localStorage.getItem("flowyard-test/demo/demo")).not.toContain("hidden");
  });

  it("shows why a run failed, and leads to the node", async () => {
    const error = { code: "NodeFailed", title: "A node failed", status: 500, detail: "ValueError: no" };
    const { select, user } = await show({ ...IDLE_RUN, phase: "failed", error, nodes: { write: { node: "write", kind: "llm", status: "failed" } } });
    expect(screen.getByText("ValueError: no")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Show node write" }));
    expect(select).toHaveBeenCalledWith("write");
  });
});
