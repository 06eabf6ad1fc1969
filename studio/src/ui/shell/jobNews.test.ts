import { describe, expect, it } from "vitest";
import type { Job } from "@/api/types";
import { activeOf, newsOf } from "./jobNews";

function job(id: string, part: Partial<Job> = {}): Job {
  return {
    id,
    kind: "index_build",
    title: `Index ${id}`,
    target: "index/a",
    status: "completed",
    created_by: "user/ann",
    created_at: "2026-11-28T10:00:00Z",
    ended_at: "2026-11-28T10:02:00Z",
    stages: [],
    ...part,
  };
}

describe("news of jobs", () => {
  it("are of long ones of one's own that went on and ended", () => {
    const jobs = [
      job("done"),
      job("bad", { status: "failed" }),
      job("canceled", { status: "canceled" }),
      job("short", { ended_at: "2026-11-28T10:00:09Z" }),
      job("theirs", { created_by: "user/bob" }),
      job("going", { status: "running", ended_at: null }),
      job("old"),
    ];
    const before = new Set(["done", "bad", "canceled", "short", "theirs", "going"]);
    expect(newsOf(before, jobs, "ann").map(({ title, text }) => `${title} ${text}`)).toEqual(["Completed: Index done After 2 min.", "Failed: Index bad After 2 min."]);
    expect([...activeOf(jobs)]).toEqual(["going"]);
    expect(newsOf(new Set(), jobs, "ann")).toEqual([]);
  });
});
