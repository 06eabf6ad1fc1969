import { describe, expect, it } from "vitest";
import { around, barPlace, between, isWhole, markText, panned, readView, showing, timeMarks, writeView, zoomed } from "./timeline";

const EXTENT = 1000;
const WHOLE = { from: 0, to: EXTENT };
const at = (start_offset_ms: number, duration_ms: number) => ({ start_offset_ms, duration_ms });

describe("the view of the timeline", () => {
  it("zooms in around a moment that stays where it is", () => {
    expect(zoomed(WHOLE, EXTENT, 0.5, 200)).toEqual({ from: 100, to: 600 });
    expect(zoomed({ from: 100, to: 600 }, EXTENT, 2, 200)).toEqual(WHOLE);
  });

  it("never leaves the trace and never gets empty", () => {
    expect(zoomed(WHOLE, EXTENT, 3, 0)).toEqual(WHOLE);
    expect(panned({ from: 900, to: 1000 }, EXTENT, 0.5)).toEqual({ from: 900, to: 1000 });
    const closest = zoomed(WHOLE, EXTENT, 0, 500);
    expect(closest.to).toBeGreaterThan(closest.from);
    expect(between(300, 300, EXTENT).to).toBeGreaterThan(300);
  });

  it("moves by a share of its length", () => {
    expect(panned({ from: 100, to: 200 }, EXTENT, 0.5)).toEqual({ from: 150, to: 250 });
  });

  it("spans two moments in either order, and a span with room", () => {
    expect(between(600, 200, EXTENT)).toEqual({ from: 200, to: 600 });
    expect(around(at(400, 100), EXTENT)).toEqual({ from: 385, to: 515 });
    expect(isWhole(around(at(0, 1000), EXTENT), EXTENT)).toBe(true);
  });

  it("moves to a span that is out of sight, and only then", () => {
    const view = { from: 400, to: 600 };
    expect(showing(at(590, 100), view, EXTENT)).toBe(view);
    expect(showing(at(800, 20), view, EXTENT)).toEqual({ from: 710, to: 910 });
  });

  it("is kept in the address unless it is whole", () => {
    expect(writeView(WHOLE, EXTENT)).toBeNull();
    expect(writeView({ from: 1.23456, to: 20 }, EXTENT)).toBe("1.235-20");
    expect(readView("1.235-20", EXTENT)).toEqual({ from: 1.235, to: 20 });
    for (const wrong of ["", "20-1", "x", "2000-3000", "-5-9"]) expect(readView(wrong, EXTENT)).toEqual(WHOLE);
  });
});

describe("bars", () => {
  it("lie inside what is in sight", () => {
    expect(barPlace(at(200, 800), WHOLE)).toEqual({ left: 20, width: 80 });
    expect(barPlace(at(900, 800), WHOLE)).toEqual({ left: 90, width: 10 });
    expect(barPlace(at(100, 800), { from: 400, to: 600 })).toEqual({ left: 0, width: 100 });
  });

  it("say on which side they are when they are out of sight", () => {
    expect(barPlace(at(0, 100), { from: 400, to: 600 })).toBe("before");
    expect(barPlace(at(700, 100), { from: 400, to: 600 })).toBe("after");
  });
});

describe("marks", () => {
  it("are round", () => {
    expect(timeMarks(WHOLE)).toEqual([0, 200, 400, 600, 800]);
    expect(timeMarks({ from: 430, to: 470 })).toEqual([430, 440, 450, 460]);
    expect(timeMarks({ from: 0, to: 0.01 }).length).toBeLessThanOrEqual(6);
    expect(timeMarks({ from: 0, to: 73_000 }).every((mark) => mark % 20_000 === 0)).toBe(true);
  });

  it("can be told apart", () => {
    expect(markText(0, WHOLE)).toBe("0");
    expect(markText(200, WHOLE)).toBe("200 ms");
    expect(markText(20_000, { from: 0, to: 73_000 })).toBe("20 s");
    expect(markText(150_002, { from: 150_000, to: 150_010 })).toBe("150.002 s");
    const view = { from: 299_000, to: 299_001 };
    expect(new Set(timeMarks(view).map((mark) => markText(mark, view))).size).toBe(timeMarks(view).length);
  });
});
