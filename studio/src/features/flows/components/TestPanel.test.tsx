import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { renderAt } from "@/testing/render";
import { FlowRunProvider } from "../hooks/useFlowRun";
import { useInputsDraft } from "../hooks/useInputsDraft";
import { fieldOf } from "../logic/inputs";
import { IDLE_RUN, type RunPart, type TestRun } from "../logic/testRun";
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

interface HarnessProps {
  readonly run: TestRun;
  readonly onStart: (values: unknown, part: RunPart | null) => void;
  readonly onSelect: (node: string) => void;
}

const FIELDS = GRAPH.inputs.map(fieldOf);
const NONE: ReadonlySet<string> = new Set();

function Harness({ run, onStart, onSelect }: HarnessProps) {
  const inputs = useInputsDraft("flowyard-test/demo/demo", FIELDS);
  const start = (part: RunPart | null) => {
    const values = inputs.read();
    if (values) onStart(values, part);
  };
  return (
    <FlowRunProvider value={{ run, inputs, stale: NONE, off: null, hasParts: true, start, stop: vi.fn() }}>
      <TestPanel flow="demo" graph={GRAPH} focus={null} onSelectNode={onSelect} />
    </FlowRunProvider>
  );
}

async function show(run: TestRun = IDLE_RUN) {
  const start = vi.fn();
  const select = vi.fn();
  await renderAt("/w/demo", <Harness run={run} onStart={start} onSelect={select} />);
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
    expect(start).toHaveBeenCalledWith({ topic: "a lighthouse", limit: 5 }, null);
  });

  it("keeps what was typed in this browser, but no secrets", async () => {
    const { user } = await show();
    await user.type(screen.getByLabelText("topic"), "sea");
    await user.type(screen.getByLabelText("token"), "hidden");
    expect(localStorage.getItem("flowyard-test/demo/demo")).toContain("sea");
    expect(localStorage.getItem("flowyard-test/demo/demo")).not.toContain("hidden");
  });

  it("shows the line of the user's code that failed", async () => {
    const error = { code: "ToolExecutionError", title: "A node failed", status: 400, detail: "no", location: { file: "a.py", line: 5 }, extra: { exception: "ValueError", source_line: "return words[9]" } };
    await show({ ...IDLE_RUN, phase: "failed", error });
    expect(screen.getByText("return words[9]")).toBeDefined();
    expect(screen.getByRole("link", { name: "a.py:5" })).toBeDefined();
  });

  it("says that the process ended, and runs the same again", async () => {
    const error = { code: "SessionDied", title: "The flow's process ended", status: 502, detail: "It was killed by signal 9." };
    const part = { node: "write", onward: true };
    const { start, user } = await show({ ...IDLE_RUN, phase: "failed", error, part });
    await user.type(screen.getByLabelText("topic"), "sea");
    await user.click(screen.getByRole("button", { name: "Run again" }));
    expect(start).toHaveBeenCalledWith({ topic: "sea", limit: 3 }, part);
  });

  it("shows why a run failed, and leads to the node", async () => {
    const error = { code: "NodeFailed", title: "A node failed", status: 500, detail: "ValueError: no" };
    const { select, user } = await show({ ...IDLE_RUN, phase: "failed", error, nodes: { write: { node: "write", kind: "llm", status: "failed" } } });
    expect(screen.getByText("ValueError: no")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Show node write" }));
    expect(select).toHaveBeenCalledWith("write");
  });
});
