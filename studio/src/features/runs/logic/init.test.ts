import { describe, expect, it } from "vitest";
import type { FlowInput } from "../model";
import { callsWords, initFieldOf, modelChoiceOf, modelText, readInit } from "./init";

const MODEL: FlowInput = { name: "model_config", type: "object" };
const SAMPLED: FlowInput = { ...MODEL, has_default: true, default: { connection: "local", model: "small" } };
const THRESHOLD: FlowInput = { name: "threshold", type: "double", has_default: true, default: 3 };
const IN_CODE: FlowInput = { name: "unit", type: "string", has_default: true, default: null };

describe("fields", () => {
  it.each([
    [MODEL, "model", "model"],
    [{ name: "m", type: "AzureOpenAIModelConfiguration" }, "model", "azure_deployment"],
    [{ name: "c", type: "OpenAIConnection" }, "connection", "model"],
    [{ name: "options", type: "object" }, "value", "model"],
  ] as const)("%o", (input, what, key) => {
    expect(initFieldOf(input)).toMatchObject({ what, modelKey: key });
  });

  it("a model is chosen by connection and name", () => {
    const field = initFieldOf({ name: "m", type: "AzureOpenAIModelConfiguration" });
    const text = modelText(field, { connection: "mine", model: "gpt" });
    expect(JSON.parse(text)).toEqual({ connection: "mine", azure_deployment: "gpt" });
    expect(modelChoiceOf(text)).toEqual({ connection: "mine", model: "gpt" });
    expect(modelChoiceOf("not json")).toEqual({ connection: "", model: "" });
  });
});

describe("readInit", () => {
  const fields = [SAMPLED, THRESHOLD, IN_CODE].map(initFieldOf);

  it("sends nothing while all is as the flow says", () => {
    expect(readInit(fields, {})).toEqual({ values: null, errors: {} });
  });

  it("sends all of it once one value is another, and leaves to the code what only that knows", () => {
    expect(readInit(fields, { threshold: "4" }).values).toEqual({ model_config: { connection: "local", model: "small" }, threshold: 4 });
    expect(readInit(fields, { unit: "km" }).values).toMatchObject({ unit: "km" });
  });

  it.each([
    [{ threshold: "many" }, "threshold"],
    [{ model_config: '{"connection": "local", "model": ""}' }, "model_config"],
  ] as const)("says what is wrong with %o", (draft, name) => {
    expect(Object.keys(readInit(fields, draft).errors)).toEqual([name]);
  });

  it("needs a model where the flow names none", () => {
    expect(readInit([initFieldOf(MODEL)], {}).errors).toEqual({ model_config: "Choose a connection and a model." });
  });
});

it("counts the calls of a judge", () => {
  expect(callsWords(5, 50, 2)).toBe("Asks the model 5 times for each row, for each of 2 variants: 500 calls.");
  expect(callsWords(1, null, 1)).toBe("Asks the model once for each row.");
  expect(callsWords(0, 50, 1)).toBeNull();
});
