import { describe, expect, it } from "vitest";
import { coerceDraft, coerceField, fieldKind, initialDraft, type Field } from "./fields";

function field(over: Partial<Field>): Field {
  return {
    name: "x",
    kind: "text",
    typeLabel: "string",
    description: null,
    required: true,
    hasDefault: false,
    defaultValue: null,
    options: [],
    ...over,
  };
}

describe("fieldKind", () => {
  it.each([
    ["int", "integer"],
    ["double", "number"],
    ["bool", "boolean"],
    ["list", "list"],
    ["object", "object"],
    ["secret", "secret"],
    ["image", "image"],
  ] as const)("%s is edited as %s", (type, kind) => {
    expect(fieldKind(type)).toBe(kind);
  });
});

describe("coerceField", () => {
  it.each([
    ["text", "a b", "a b"],
    ["integer", " 42 ", 42],
    ["number", "0.5", 0.5],
    ["boolean", "True", true],
    ["list", "[1, 2]", [1, 2]],
    ["object", '{"a": 1}', { a: 1 }],
    ["any", '{"data:image/png;url": "https://x"}', { "data:image/png;url": "https://x" }],
    ["image", "data:image/png;base64,aGk=", "data:image/png;base64,aGk="],
    ["image", '{"data:image/png;path": "a.png"}', { "data:image/png;path": "a.png" }],
    ["any", "{not json", "{not json"],
  ] as const)("%s %j", (kind, text, expected) => {
    expect(coerceField(field({ kind }), text)).toEqual({ kind: "value", value: expected });
  });

  it.each([
    ["integer", "4.2"],
    ["integer", "9007199254740993"],
    ["number", "many"],
    ["boolean", "yes"],
    ["list", '{"a": 1}'],
    ["object", "[1]"],
    ["object", "null"],
    ["object", '{"a"'],
  ] as const)("refuses %s %j", (kind, text) => {
    expect(coerceField(field({ kind }), text).kind).toBe("error");
  });

  it("reads an option as its declared value, not as text", () => {
    expect(coerceField(field({ kind: "integer", options: [1, 2] }), "2")).toEqual({ kind: "value", value: 2 });
    expect(coerceField(field({ kind: "integer", options: [1, 2] }), "3").kind).toBe("error");
  });

  it("keeps a cleared text default as an empty text, and leaves other defaults to the flow", () => {
    expect(coerceField(field({ hasDefault: true, defaultValue: "a" }), "")).toEqual({ kind: "value", value: "" });
    expect(coerceField(field({ kind: "list", hasDefault: true, defaultValue: [1] }), "")).toEqual({ kind: "omitted" });
  });
});

describe("coerceDraft", () => {
  const fields = [
    field({ name: "question" }),
    field({ name: "limit", kind: "integer", hasDefault: true, defaultValue: 3 }),
    field({ name: "note", required: false }),
  ];

  it("starts from the defaults", () => {
    expect(initialDraft(fields)).toEqual({ question: "", limit: "3", note: "" });
  });

  it("names what is missing and leaves out what is optional", () => {
    expect(coerceDraft(fields, initialDraft(fields))).toEqual({ values: { limit: 3 }, errors: { question: "Needs a value." } });
  });
});
