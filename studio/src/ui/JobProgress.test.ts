import { expect, it } from "vitest";
import { stageProgress } from "./JobProgress";

const started = "2026-11-23T12:00:00Z";

it("tells what is done, how fast, and how long it still takes", () => {
  const stage = { name: "Download", status: "running" as const, done: 40_000_000, total: 100_000_000, unit: "bytes", started_at: started };
  expect(stageProgress(stage, Date.parse(started) + 20_000)).toBe("40.0 MB of 100 MB · 2.0 MB/s · 30.0 s left");
});

it("tells of what is slow how much comes in a minute", () => {
  const stage = { name: "Write", status: "running" as const, done: 2, total: 5, unit: "questions", started_at: started };
  expect(stageProgress(stage, Date.parse(started) + 120_000)).toBe("2 of 5 questions · 1.0/min · 3 min left");
});

it("tells of a stage that takes turns with others its own time, and of one that was begun again how fast it is since", () => {
  const ended = "2026-11-23T12:01:00Z";
  expect(stageProgress({ name: "chunk", status: "completed", done: 90, unit: "chunks", started_at: started, ended_at: ended, worked_s: 4.5 }, 0)).toBe("90 chunks · 20/s · 4.50 s");
  const again = { name: "Write", status: "running" as const, done: 30, total: 50, unit: "questions", started_at: started, ended_at: "2026-11-23T11:00:00Z", done_before: 25 };
  expect(stageProgress(again, Date.parse(started) + 10_000)).toBe("30 of 50 questions · 0.5/s · 40.0 s left");
  expect(stageProgress({ ...again, done: 25 }, Date.parse(started) + 10_000)).toBe("25 of 50 questions");
});

it("tells how long an ended stage took", () => {
  expect(stageProgress({ name: "Probe", status: "completed", started_at: started, ended_at: "2026-11-23T12:00:01.500Z" }, 0)).toBe("1.50 s");
  expect(stageProgress({ name: "Probe", status: "pending" }, 0)).toBe("");
});
