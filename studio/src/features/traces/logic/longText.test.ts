import { describe, expect, it } from "vitest";
import { lowerCase, MOST_FOUND, piecesOf, placesOf, rowOf, rowStarts, rowText } from "./longText";

function rows(text: string, length: number): readonly string[] {
  const starts = rowStarts(text, length);
  return starts.map((_start, row) => rowText(text, starts, row));
}

describe("the rows of a long text", () => {
  it("end with its lines, and go on where a line is longer", () => {
    expect(rows("ab\ncdefgh\r\n\nij", 3)).toEqual(["ab", "cde", "fgh", "", "ij"]);
    expect(rows("abc\nabc", 3)).toEqual(["abc", "abc"]);
    expect(rows("abcdef", 3)).toEqual(["abc", "def"]);
    expect(rows("", 3)).toEqual([""]);
    expect(rows("ab\n", 3)).toEqual(["ab", ""]);
  });

  it("never part the two code units of a character, and lose none", () => {
    const text = "a𝄞𝄞𝄞é\n".repeat(50);
    const starts = rowStarts(text, 4);
    expect(starts.map((start, row) => text.slice(start, starts[row + 1])).join("")).toBe(text);
    expect(rows(text, 4).every((row) => !/^[\udc00-\udfff]/.test(row))).toBe(true);
  });

  it("are found by a place in the text", () => {
    const text = "ab\ncdefgh\nij";
    const starts = rowStarts(text, 3);
    for (let place = 0; place < text.length; place += 1) {
      const row = rowOf(starts, place);
      expect(starts[row]).toBeLessThanOrEqual(place);
      expect(starts[row + 1] ?? text.length).toBeGreaterThan(place);
    }
  });
});

describe("a search in a long text", () => {
  it("finds each place whatever its case, and not too many", () => {
    expect(placesOf(lowerCase("Refund, REFUND; refun"), "refund")).toEqual([0, 8]);
    expect(placesOf("aaaa", "aa")).toEqual([0, 2]);
    expect(placesOf("text", "")).toEqual([]);
    expect(placesOf("a".repeat(MOST_FOUND + 5), "a")).toHaveLength(MOST_FOUND);
  });

  it("keeps places where lower case is longer", () => {
    expect(placesOf(lowerCase("İİ Refund"), "refund")).toEqual([3]);
  });

  it("marks what begins in one row and ends in the next", () => {
    const text = "xxabcdyyabcd";
    const starts = rowStarts(text, 4);
    const places = placesOf(text, "abcd");
    const marked = starts.map((start, row) => piecesOf(rowText(text, starts, row), start, places, 4));
    expect(marked).toEqual([
      [
        { text: "xx", found: null },
        { text: "ab", found: 0 },
      ],
      [
        { text: "cd", found: 0 },
        { text: "yy", found: null },
      ],
      [{ text: "abcd", found: 1 }],
    ]);
  });
});
