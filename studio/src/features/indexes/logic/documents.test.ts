import { expect, test } from "vitest";
import { typeOf } from "./documents";

test("a type is told as people call it, and one that nobody named as it is", () => {
  expect(typeOf("application/vnd.openxmlformats-officedocument.wordprocessingml.document")).toBe("Word");
  expect(typeOf("application/x-new")).toBe("application/x-new");
});
