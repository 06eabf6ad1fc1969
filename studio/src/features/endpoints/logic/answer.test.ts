import { describe, expect, it } from "vitest";
import { addEvent, answerText } from "./answer";

function all(events: string[]): unknown {
  return events.reduce<unknown>(addEvent, undefined);
}

describe("addEvent", () => {
  it("joins the pieces of a flow's stream by field", () => {
    expect(all(['{"context": ["a"]}', '{"answer": "Hel"}', '{"answer": "lo"}'])).toEqual({ context: ["a"], answer: "Hello" });
  });

  it("joins the text of OpenAI chunks and takes no notice of the end mark", () => {
    const chunks = ['{"choices":[{"delta":{"role":"assistant"}}]}', '{"choices":[{"delta":{"content":"Hi"}}]}', '{"choices":[]}', "[DONE]"];
    expect(all(chunks)).toEqual({ content: "Hi" });
  });

  it("keeps what is no JSON as text", () => {
    expect(all(["plain ", "words"])).toEqual({ data: "plain words" });
  });
});

describe("answerText", () => {
  it("finds a completion's text", () => {
    expect(answerText({ choices: [{ message: { content: "Yes" } }] })).toBe("Yes");
    expect(answerText({ choices: [{ text: "Yes" }] })).toBe("Yes");
    expect(answerText({ answer: "Yes" })).toBeUndefined();
  });
});
