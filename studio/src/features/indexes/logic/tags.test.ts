import { expect, test } from "vitest";
import { tagsFrom, tagsText } from "./tags";

test.each([null, [], ["staff"], ["a,b", "ä", "x:y"]])("%j goes through the address", (tags) => {
  expect(tagsFrom(tagsText(tags))).toEqual(tags);
});
