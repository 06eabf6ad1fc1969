import { expect, test } from "vitest";
import { originOf } from "./origin";

test("what a version was made from is told", () => {
  expect(originOf({ origin: { kind: "upload" } })).toBe("an upload");
  expect(originOf({ origin: { kind: "datastore", path: "azureml://datastores/d/paths/a" } })).toBe("azureml://datastores/d/paths/a");
  expect(originOf({ origin: { kind: "traces", traces: ["a"] } })).toBe("1 trace");
  expect(originOf({ origin: { kind: "traces", traces: ["a", "b"] } })).toBe("2 traces");
  expect(originOf({ origin: {} })).toBe("–");
});
