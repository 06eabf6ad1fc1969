import { describe, expect, it } from "vitest";
import type { Model } from "../model";
import { cardSays, isModelInput, PARAMETERS, parameterText, parametersFor, parsedParameter } from "./parameters";

function parsed(name: string, text: string): unknown {
  const parameter = PARAMETERS.find((each) => each.name === name);
  if (!parameter) throw new Error(name);
  return parsedParameter(parameter, text);
}

describe("a parameter that is typed", () => {
  it("becomes what the API takes", () => {
    expect(parsed("temperature", "0.7")).toEqual({ value: 0.7 });
    expect(parsed("max_tokens", "inf")).toEqual({ value: "inf" });
    expect(parsed("stop", "END")).toEqual({ value: "END" });
    expect(parsed("stop", '["a", "\\n"]')).toEqual({ value: ["a", "\n"] });
    expect(parsed("response_format", '{"type": "json_object"}')).toEqual({ value: { type: "json_object" } });
    expect(parsed("tool_choice", "auto")).toEqual({ value: "auto" });
    expect(parsed("logprobs", "5")).toEqual({ value: 5 });
    expect(parsed("seed", "${inputs.seed}")).toEqual({ value: "${inputs.seed}" });
  });
  it("says what is wrong with it", () => {
    expect(parsed("temperature", "3")).toEqual({ problem: "It takes a number from 0 to 2, not 3." });
    expect(parsed("temperature", "warm")).toEqual({ problem: "It takes a number from 0 to 2, not warm." });
    expect(parsed("max_tokens", "0")).toEqual({ problem: "It takes a whole number of at least 1, not 0." });
    expect(parsed("seed", "1.5")).toEqual({ problem: "It takes a whole number, not 1.5." });
    expect(parsed("stop", "[1]")).toEqual({ problem: 'It takes a list of texts, as ["a", "b"].' });
    expect(parsed("response_format", "json")).toHaveProperty("problem", expect.stringContaining("That is no JSON"));
    expect(parsed("echo", "maybe")).toHaveProperty("problem");
  });
  it("is shown as it would be typed", () => {
    expect([0.2, "END", ["a"], { type: "text" }, null].map(parameterText)).toEqual(["0.2", "END", '["a"]', '{"type":"text"}', ""]);
  });
});

it("an API has its own parameters, and a prompt's variables are none", () => {
  expect(parametersFor("chat").map(({ name }) => name)).toContain("response_format");
  expect(parametersFor("completion").map(({ name }) => name)).not.toContain("response_format");
  expect([isModelInput("deployment_name"), isModelInput("seed"), isModelInput("question")]).toEqual([true, true, false]);
});

it("a card tells what a model cannot do", () => {
  const model = { name: "small", capabilities: ["chat"], tool_use: "no", context_length: 2048, max_output: null } as unknown as Model;
  const said = (name: string, value: unknown) => PARAMETERS.filter((each) => each.name === name).map((each) => cardSays(model, each, value))[0];
  expect(said("max_tokens", 5000)).toBe("small writes at most 2048 tokens.");
  expect([said("max_tokens", 100), said("max_tokens", undefined), said("temperature", 1)]).toEqual([null, null, null]);
  expect(said("tools", [])).toContain("calls no tools");
  expect(said("reasoning_effort", "low")).toContain("no reasoning");
});
