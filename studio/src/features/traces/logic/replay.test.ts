import { describe, expect, it } from "vitest";
import type { Span } from "../model";
import { modelFor, readParameters, replayOf } from "./replay";

function call(attributes: Record<string, unknown>, more: Partial<Span> = {}): Span {
  return { trace_id: "t", span_id: "s", parent_id: null, name: "chat m", kind: "llm", status: "ok", status_message: null, started_at: "", start_offset_ms: 0, duration_ms: 1, model: "m", attributes, ...more };
}

describe("replayOf", () => {
  it("gives the call as it was sent, with its parameters", () => {
    const found = replayOf(
      call({
        "gen_ai.request.temperature": 0.2,
        "gen_ai.request.max_tokens": 20,
        "gen_ai.tool.definitions": [{ type: "function" }],
        "gen_ai.system_instructions": '[{"type": "text", "content": "Be short."}]',
        "gen_ai.input.messages": [{ role: "user", parts: [{ type: "text", content: "Why?" }] }],
      }),
    );
    expect(found).toEqual({
      model: "m",
      messages: [
        { role: "system", content: "Be short." },
        { role: "user", content: "Why?" },
      ],
      parameters: { temperature: 0.2, max_tokens: 20, tools: [{ type: "function" }] },
    });
  });

  it("keeps calls of tools, their answers and images", () => {
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,AA" } };
    const found = replayOf(
      call({
        "gen_ai.input.messages": [
          { role: "user", parts: [{ type: "text", content: "What is it?" }, image] },
          { role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "look", arguments: '{"at": 1}' }] },
          { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "a cat" }] },
        ],
      }),
    );
    expect(found?.messages).toEqual([
      { role: "user", content: [{ type: "text", text: "What is it?" }, image] },
      { role: "assistant", content: "", tool_calls: [{ id: "c1", type: "function", function: { name: "look", arguments: '{"at": 1}' } }] },
      { role: "tool", tool_call_id: "c1", content: "a cat" },
    ]);
  });

  it("takes messages in OpenAI's own form and a bare prompt", () => {
    expect(replayOf(call({ "llm.input_messages": [{ message: { role: "user", content: "hi" } }] }))?.messages).toEqual([{ role: "user", content: "hi" }]);
    expect(replayOf(call({ "gen_ai.prompt": "hi" }))?.messages).toEqual([{ role: "user", content: "hi" }]);
  });

  it("is nothing for what is no call with messages", () => {
    expect(replayOf(call({}))).toBeNull();
    expect(replayOf(call({ "gen_ai.prompt": "hi" }, { kind: "embedding" }))).toBeNull();
  });
});

describe("what is chosen and written", () => {
  it("is the same model where it can be called, or the one that is called so", () => {
    expect(modelFor("m", ["a", "m"])).toBe("m");
    expect(modelFor("m", ["azure/m", "other"])).toBe("azure/m");
    expect(modelFor("m", ["azure/m", "openai/m"])).toBe("");
  });

  it("is an object of parameters, and says what is wrong with others", () => {
    expect(readParameters('{"temperature": 0}')).toEqual({ value: { temperature: 0 } });
    expect(readParameters(" ")).toEqual({ value: {} });
    expect(readParameters("[1]")).toHaveProperty("problem");
    expect(readParameters("{")).toHaveProperty("problem");
    expect(readParameters('{"model": "x"}')).toEqual({ problem: "model is set by this page; take it out." });
  });
});
