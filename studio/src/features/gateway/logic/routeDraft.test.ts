import { describe, expect, it } from "vitest";
import { draftOf, NEW_ROUTE, type RouteDraft, routeFile, routeNameProblem, sharesOf, specOf, targetsProblem } from "./routeDraft";

const DRAFT: RouteDraft = { ...NEW_ROUTE, name: "chat", targets: [{ id: 0, model: "openai/gpt-4o-mini", weight: 9 }, { id: 1, model: "azure/gpt-4o-mini", weight: 1 }] };

describe("a route's draft", () => {
  it("comes back from its spec as it was", () => {
    const full: RouteDraft = { ...DRAFT, fallbacks: ["smol"], attempts: 2, retryOn: "always", timeoutS: 30, cached: true, ttlS: 60, scope: "workspace", sampled: true, logging: "sample", share: 25 };
    const route = { name: "chat", spec: specOf(full), created_at: "", updated_at: "" };
    expect(draftOf(route)).toEqual(full);
  });

  it("is a file that says only what is not as by default", () => {
    expect(routeFile(DRAFT)).toBe("name: chat\ntargets:\n  - model: openai/gpt-4o-mini\n    weight: 9\n  - model: azure/gpt-4o-mini\n    weight: 1\n");
    expect(routeFile({ ...DRAFT, logging: "none", cached: true })).toContain("cache:\n  ttl_s: 3600\n  scope: key\n  sampled: false\nlogging: none\n");
  });
});

describe("routeNameProblem", () => {
  it.each(["chat", "a", "gpt-4.1_mini"])("accepts %s", (name) => {
    expect(routeNameProblem(name, ["other"])).toBeNull();
  });

  it.each(["", "-chat", "a/b", "a".repeat(65), "other"])("refuses %j", (name) => {
    expect(routeNameProblem(name, ["other"])).not.toBeNull();
  });
});

describe("targetsProblem", () => {
  it("wants a model in each row, each once, and one that takes calls", () => {
    expect(targetsProblem(DRAFT)).toBeNull();
    expect(targetsProblem(NEW_ROUTE)).toContain("needs a name");
    expect(targetsProblem({ ...DRAFT, targets: [{ id: 0, model: "a", weight: 1 }, { id: 1, model: "a ", weight: 1 }] })).toContain("twice");
    expect(targetsProblem({ ...DRAFT, targets: [{ id: 0, model: "a", weight: 0 }] })).toContain("All weights are 0");
  });
});

describe("sharesOf", () => {
  it("are per cent of the weights", () => {
    expect(sharesOf([{ weight: 9 }, { weight: 1 }])).toEqual([90, 10]);
    expect(sharesOf([{ weight: 0 }])).toEqual([0]);
  });
});
