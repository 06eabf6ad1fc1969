import { describe, expect, it } from "vitest";
import { lossesOf, piecesOf } from "./policy";

describe("piecesOf", () => {
  it("cuts a text where something was found", () => {
    expect(piecesOf("to a@b.c now", [{ rule: "email", start: 3, end: 8 }])).toEqual([
      { text: "to ", rule: null },
      { text: "a@b.c", rule: "email" },
      { text: " now", rule: null },
    ]);
  });

  it("counts characters as the server does, and takes overlaps", () => {
    expect(piecesOf("😀a@b.c", [{ rule: "email", start: 1, end: 6 }]).map((piece) => piece.text)).toEqual(["😀", "a@b.c"]);
    const overlapping = piecesOf("abcdef", [
      { rule: "phone", start: 2, end: 5 },
      { rule: "card", start: 0, end: 3 },
    ]);
    expect(overlapping.map((piece) => piece.text).join("")).toBe("abcdef");
  });

  it("is the whole text where nothing was found", () => {
    expect(piecesOf("nothing", [])).toEqual([{ text: "nothing", rule: null }]);
    expect(piecesOf("", [])).toEqual([]);
  });
});

describe("lossesOf", () => {
  const now = { redact: ["secrets" as const], retention_days: { spans: 90, logs: 30, metrics: 30, scores: null }, sampling_ratio: 1 };

  it("says nothing where nothing is lost", () => {
    expect(lossesOf(now, { ...now, redact: ["secrets", "email"], retention_days: { ...now.retention_days, spans: null } })).toEqual([]);
  });

  it("names what is deleted, thinned and no longer taken out", () => {
    const losses = lossesOf(now, { redact: [], retention_days: { ...now.retention_days, spans: 7, scores: 365 }, sampling_ratio: 0.1 });
    expect(losses[0]).toBe("Traces older than 7 days are deleted within the hour.");
    expect(losses[1]).toBe("Scores older than 365 days are deleted within the hour.");
    expect(losses).toHaveLength(4);
  });
});
