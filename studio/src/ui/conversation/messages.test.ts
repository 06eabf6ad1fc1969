import { describe, expect, it } from "vitest";
import { readConversation, readPayloads } from "./messages";

describe("readConversation", () => {
  it("reads OpenAI messages, also as JSON text", () => {
    const messages = [
      { role: "system", content: "Be brief." },
      {
        role: "user",
        content: [
          { type: "text", text: "Hi" },
          { type: "image_url", image_url: { url: "x" } },
        ],
      },
    ];
    for (const value of [messages, JSON.stringify(messages)]) {
      const read = readConversation({ "gen_ai.input.messages": value, "gen_ai.output.messages": [{ role: "assistant", content: "Hello" }] });
      expect(read?.input.map((message) => [message.role, message.text])).toEqual([
        ["system", "Be brief."],
        ["user", "Hi\n[image]"],
      ]);
      expect(read?.output[0]?.text).toBe("Hello");
    }
  });

  it("reads OTel parts with tool calls and system instructions", () => {
    const read = readConversation({
      "gen_ai.system_instructions": [{ type: "text", content: "Rules" }],
      "gen_ai.input.messages": [{ role: "tool", parts: [{ type: "tool_call_response", id: "1", response: { rain: 1 } }] }],
      "gen_ai.output.messages": [
        { role: "assistant", finish_reason: "tool_call", parts: [{ type: "tool_call", id: "1", name: "weather", arguments: { city: "Bonn" } }] },
      ],
    });
    expect(read?.input[0]).toMatchObject({ role: "system", text: "Rules" });
    expect(read?.input[1]?.text).toContain('"rain": 1');
    expect(read?.output[0]).toMatchObject({ finishReason: "tool_call", toolCalls: [{ id: "1", name: "weather" }] });
  });

  it("reads OpenAI choices", () => {
    const read = readConversation({ "gen_ai.completion": [{ message: { role: "assistant", content: "Yes" }, finish_reason: "stop" }] });
    expect(read?.output[0]).toMatchObject({ text: "Yes", finishReason: "stop" });
  });

  it("finds none where none is", () => {
    expect(readConversation({ "http.method": "GET" })).toBeNull();
  });
});

describe("readPayloads", () => {
  it("decodes JSON text and leaves other text alone", () => {
    expect(readPayloads({ inputs: '{"a": 1}', output: "[draft" })).toEqual({ input: { a: 1 }, output: "[draft" });
    expect(readPayloads({})).toEqual({ input: undefined, output: undefined });
  });
});
