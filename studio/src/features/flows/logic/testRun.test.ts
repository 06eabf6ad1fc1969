import { describe, expect, it } from "vitest";
import type { FlowTestEvent, NodeStatus, Problem } from "../model";
import { applyEvent, breakRun, shownOutputs, startedRun, stopRun } from "./testRun";

function nodeEvent(node: string, status: NodeStatus): FlowTestEvent {
  return { kind: "node", trace_id: "t1", node: { node, kind: "python", status } };
}

function problem(detail: string): Problem {
  return { code: "Broken", title: "It broke", status: 0, detail };
}

const STREAM: readonly FlowTestEvent[] = [
  { kind: "started", trace_id: "t1" },
  nodeEvent("a", "running"),
  nodeEvent("a", "completed"),
  nodeEvent("b", "running"),
  { kind: "chunk", trace_id: "t1", output: "answer", text: "Hel" },
  { kind: "chunk", trace_id: "t1", output: "answer", text: "lo" },
];

describe("a test run", () => {
  const running = STREAM.reduce(applyEvent, startedRun());

  it("follows its nodes and streamed text", () => {
    expect(running.traceId).toBe("t1");
    expect(running.nodes.a?.status).toBe("completed");
    expect(running.nodes.b?.status).toBe("running");
    expect(shownOutputs(running)).toEqual({ answer: "Hello" });
  });

  it("ends with its outputs", () => {
    const ended = applyEvent(running, { kind: "ended", trace_id: "t1", status: "completed", outputs: { answer: "Hello!" }, duration_ms: 12 });
    expect(ended).toMatchObject({ phase: "completed", durationMs: 12 });
    expect(shownOutputs(ended)).toEqual({ answer: "Hello!" });
  });

  it("marks what was under way as canceled when it is stopped or breaks", () => {
    expect(stopRun(running).nodes.b?.status).toBe("canceled");
    const broken = breakRun(running, problem("The connection was lost"));
    expect(broken).toMatchObject({ phase: "failed", nodes: { a: { status: "completed" }, b: { status: "canceled" } } });
  });

  it("does not break after it has ended", () => {
    const ended = applyEvent(running, {
      kind: "ended",
      trace_id: "t1",
      status: "failed",
      error: { code: "No", title: "No", status: 500, detail: "No" },
    });
    expect(breakRun(ended, problem("late"))).toBe(ended);
    expect(stopRun(ended)).toBe(ended);
  });

  it("shows no result of an earlier run when its process dies before it says anything, and keeps its trace when it dies later", () => {
    const died = { kind: "ended", trace_id: "", status: "failed", error: { code: "SessionDied", title: "Ended", status: 502, detail: "Ended" } } as const;
    expect(applyEvent(startedRun(breakRun(running, problem("It failed"))), died)).toMatchObject({ phase: "failed", traceId: null, nodes: {} });
    expect(applyEvent(running, died)).toMatchObject({ traceId: "t1", nodes: { a: { status: "completed" }, b: { status: "canceled" } } });
  });
});
