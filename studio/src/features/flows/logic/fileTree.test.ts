import { describe, expect, it } from "vitest";
import { fileTree, firstFile } from "./fileTree";

const FILES = ["tools.py", "prompts/b.jinja2", "flow.dag.yaml", "prompts/a.jinja2", "data/x/y.jsonl"];

describe("fileTree", () => {
  it("puts folders first and the flow before other files", () => {
    const tree = fileTree(FILES);
    expect(tree.map((entry) => entry.name)).toEqual(["data", "prompts", "flow.dag.yaml", "tools.py"]);
    expect(tree[1]?.children.map((entry) => entry.path)).toEqual(["prompts/a.jinja2", "prompts/b.jinja2"]);
    expect(tree[0]?.children[0]?.children[0]?.path).toBe("data/x/y.jsonl");
  });

  it("opens the flow first", () => {
    expect(firstFile(FILES)).toBe("flow.dag.yaml");
    expect(firstFile([])).toBeNull();
  });
});
