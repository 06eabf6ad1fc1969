import { describe, expect, it } from "vitest";
import { freshWords } from "./words";

const fresh = (base: string, text: string) =>
  freshWords(base, text)
    .filter((piece) => piece.fresh)
    .map((piece) => piece.text.trim());

describe("words that are not in the other text", () => {
  it.each([
    ["the cat sat", "the cat sat", []],
    ["the cat sat", "the dog sat", ["dog"]],
    ["a b c d", "b x c d e", ["x", "e"]],
    ["", "all new", ["all new"]],
    ["one two three", "three one two", ["three"]],
  ])("of %s and %s", (base, text, expected) => {
    expect(fresh(base, text)).toEqual(expected);
  });

  it("lose nothing of the text", () => {
    const text = "two\nlines  and   spaces ";
    expect(freshWords("lines and two", text).map((piece) => piece.text).join("")).toBe(text);
    const long = "word ".repeat(2000);
    expect(freshWords(`${long}x`, long)).toEqual([{ text: long, fresh: true }]);
  });
});
