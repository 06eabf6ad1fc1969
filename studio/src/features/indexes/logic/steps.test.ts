import { expect, test } from "vitest";
import type { Job } from "@/api/types";
import { stepOf } from "./steps";

const build = (status: Job["status"], ...stages: Job["stages"][number]["status"][]) => ({ status, stages: ["read", "crack", "chunk", "embed"].map((name, index) => ({ name, status: stages[index] ?? "pending" })) });
const chunk = { id: "1", document: "a", headings: [], text: "", cut: false, tokens: 1 };

test("the step that is looked into is the one asked for, the one that failed, or the last that gave something", () => {
  expect(stepOf(build("running", "running"), "embed", undefined)).toBe("embed");
  expect(stepOf(build("running", "running"), "nothing", undefined)).toBe("read");
  expect(stepOf(build("running", "completed", "running"), "", { job: "j" })).toBe("read");
  expect(stepOf(build("running", "completed", "running"), "", { job: "j", chunks: [chunk] })).toBe("chunk");
  expect(stepOf(build("completed"), "", { job: "j", chunks: [{ ...chunk, vector: [0.5] }] })).toBe("embed");
  expect(stepOf(build("failed", "completed", "failed"), "", { job: "j" })).toBe("crack");
  expect(stepOf({ status: "queued", stages: [] }, "", undefined)).toBe("");
});
