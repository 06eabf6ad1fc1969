import { describe, expect, it } from "vitest";
import { sampleBody, scoreFields } from "./swagger";

const document = {
  paths: {
    "/endpoints/web/score": {
      post: { requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Input" } } } } },
    },
  },
  components: {
    schemas: {
      Input: {
        type: "object",
        required: ["url", "kind"],
        properties: {
          url: { type: "string", description: "A page" },
          kind: { type: "string", enum: ["a", "b"] },
          limit: { type: ["integer", "null"], default: 3 },
          history: { $ref: "#/components/schemas/History" },
          key: { type: "string", format: "password" },
        },
      },
      History: { type: "array", items: {} },
    },
  },
};

describe("scoreFields", () => {
  it("makes a field of every property, through references", () => {
    const fields = scoreFields(document);
    expect(fields?.map((field) => [field.name, field.kind, field.required])).toEqual([
      ["url", "text", true],
      ["kind", "text", true],
      ["limit", "integer", false],
      ["history", "list", false],
      ["key", "secret", false],
    ]);
    expect(sampleBody(fields ?? [])).toEqual({ url: "", kind: "a", limit: 3, history: [], key: "" });
  });

  it.each([null, "text", {}, { paths: {} }, { paths: { "/score": { post: {} } } }])("finds none in %j", (other) => {
    expect(scoreFields(other)).toBeNull();
  });
});
