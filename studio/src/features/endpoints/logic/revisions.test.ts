import { describe, expect, it } from "vitest";
import type { Revision } from "@/api/types";
import { changedLines, revisionText } from "./revisions";

const FIRST: Revision = {
  revision: 1,
  serving: false,
  deployed_at: "2026-01-01T00:00:00Z",
  deployed_by: "owner",
  instance_count: 1,
  flow: "answers",
  digest: "abc",
  environment_variables: {},
  init: {},
  settings: { request: { request_timeout_ms: null }, tags: {}, scale: { type: "default", min_instances: 1, cool_down_s: 60 } },
};

describe("revisionText", () => {
  it("says what is set and nothing else", () => {
    expect(revisionText(FIRST)).toBe("flow: answers\nsnapshot: abc\ninstance_count: 1\n");
  });

  it("differs where the settings differ", () => {
    const second = { ...FIRST, instance_count: 2, settings: { request: { request_timeout_ms: 5000 } } };
    expect(changedLines(revisionText(FIRST), revisionText(second))).toBe(5);
    expect(changedLines(revisionText(FIRST), revisionText(FIRST))).toBe(0);
  });
});
