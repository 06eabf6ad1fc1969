import { describe, expect, it } from "vitest";
import { filePathProblem, flowNameProblem, freeName } from "./flowNames";

describe("flowNameProblem", () => {
  it("accepts a folder's name that is free", () => {
    expect(flowNameProblem("web_classification-2.1", [])).toBeNull();
    expect(flowNameProblem("a".repeat(100), [])).toBeNull();
  });

  it.each(["", "../up", "a b", ".hidden", "a".repeat(101), "taken"])("refuses %j", (name) => {
    expect(flowNameProblem(name, ["taken"])).not.toBeNull();
  });
});

describe("freeName", () => {
  it("counts up", () => {
    expect(freeName("chat", [])).toBe("chat");
    expect(freeName("chat", ["chat", "chat-2"])).toBe("chat-3");
  });
});

describe("filePathProblem", () => {
  it.each(["", "/a", "a//b", "../a", "a/../b", "flow.dag.yaml"])("refuses %j", (path) => {
    expect(filePathProblem(path, ["flow.dag.yaml"])).not.toBeNull();
  });

  it("accepts a path within the flow", () => {
    expect(filePathProblem("prompts/answer.jinja2", ["flow.dag.yaml"])).toBeNull();
  });
});
