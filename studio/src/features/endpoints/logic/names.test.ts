import { describe, expect, it } from "vitest";
import { nameProblem, nextDeploymentName, suggestName } from "./names";

describe("nameProblem", () => {
  it.each(["abc", "web-answers", "A1b", "a".repeat(32)])("accepts %s", (name) => {
    expect(nameProblem(name)).toBeNull();
  });

  it.each(["", "ab", "1abc", "abc-", "a_b_c", "a".repeat(33)])("refuses %j", (name) => {
    expect(nameProblem(name)).not.toBeNull();
  });
});

describe("suggestName", () => {
  it.each(["web_classification", "42 flows", "ü", "-", "x".repeat(200), "chat.with.docs-"])("makes a good name of %j", (text) => {
    expect(nameProblem(suggestName(text))).toBeNull();
  });
});

describe("nextDeploymentName", () => {
  it("goes blue, green, then numbers", () => {
    expect(nextDeploymentName([])).toBe("blue");
    expect(nextDeploymentName(["blue"])).toBe("green");
    expect(nextDeploymentName(["blue", "green", "deployment-3"])).toBe("deployment-4");
  });
});
