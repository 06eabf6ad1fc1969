import { describe, expect, it } from "vitest";
import { snippets, type Target } from "./snippets";

const target: Target = {
  origin: "http://127.0.0.1:8800",
  scoringPath: "/endpoints/web/score",
  openaiPath: "/endpoints/web/v1",
  body: { question: "what's new?", deep: { on: true, off: null, list: [1, "a"] } },
  deployment: null,
  model: null,
};

function code(id: string, over: Partial<Target> = {}): string {
  return snippets({ ...target, ...over }).find((snippet) => snippet.id === id)?.code ?? "";
}

describe("snippets", () => {
  it("call the endpoint where it is, with the key from the environment", () => {
    for (const snippet of snippets(target)) {
      expect(snippet.code).toContain("http://127.0.0.1:8800/endpoints/web/score");
      expect(snippet.code).toContain("FLOWYARD_API_KEY");
    }
  });

  it("survive the shell: a quote in the body is escaped", () => {
    expect(code("curl")).toContain(`what'\\''s new?`);
  });

  it("write Python values, not JSON ones", () => {
    expect(code("python")).toContain('"on": True');
    expect(code("python")).toContain('"off": None');
  });

  it("pin a deployment only when asked to", () => {
    expect(code("curl")).not.toContain("azureml-model-deployment");
    expect(code("curl", { deployment: "green" })).toContain("azureml-model-deployment: green");
  });

  it("offer the openai client where a model is served", () => {
    expect(code("openai")).toBe("");
    expect(code("openai", { model: "smol" })).toContain('base_url="http://127.0.0.1:8800/endpoints/web/v1"');
  });

  it("call LangChain's model where a model is served, and a runnable where a flow is", () => {
    expect(code("langchain")).toContain("RunnableLambda(score)");
    const model = code("langchain", { model: "smol", deployment: "green" });
    expect(model).toContain('model="smol"');
    expect(model).toContain('default_headers={"azureml-model-deployment": "green"}');
  });
});
