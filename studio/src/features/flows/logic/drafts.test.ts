import { describe, expect, it } from "vitest";
import { draftState, editDraft } from "./drafts";

describe("draftState", () => {
  it("tells unsaved from conflicting text by the version it was made from", () => {
    expect(draftState(undefined, "a", "1")).toBe("clean");
    expect(draftState({ text: "b", etag: "1" }, "a", "1")).toBe("unsaved");
    expect(draftState({ text: "b", etag: "1" }, "c", "2")).toBe("conflict");
    expect(draftState({ text: "c", etag: "1" }, "c", "2")).toBe("clean");
  });
});

describe("editDraft", () => {
  it("keeps the version that the edit began from, also when the file changes meanwhile", () => {
    const first = editDraft(undefined, "b", "a", "1");
    expect(first).toEqual({ text: "b", etag: "1" });
    expect(editDraft(first, "bb", "c", "2")).toEqual({ text: "bb", etag: "1" });
  });

  it("is gone when the edit is taken back", () => {
    expect(editDraft({ text: "b", etag: "1" }, "a", "a", "1")).toBeUndefined();
  });
});
