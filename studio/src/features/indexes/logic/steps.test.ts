import { expect, test } from "vitest";
import { stepOf } from "./steps";

const stage = (name: string, status: "pending" | "running" | "completed" | "failed", done?: number) => ({ name, status, ...(done === undefined ? {} : { done }) });

test("the step that is looked into is the one asked for, the one that failed, or the one that gives something", () => {
  const stages = [stage("read", "completed", 3), stage("embed", "pending")];
  expect(stepOf({ stages }, "embed")).toBe("embed");
  expect(stepOf({ stages }, "nothing")).toBe("read");
  expect(stepOf({ stages: [stage("read", "completed"), stage("embed", "running", 4)] }, "")).toBe("embed");
  expect(stepOf({ stages: [stage("read", "failed"), stage("embed", "pending")] }, "")).toBe("read");
  expect(stepOf({ stages: [] }, "")).toBe("");
});
