import { expect, test } from "vitest";
import { cellText, figure, share } from "./values";

test("values in one line", () => {
  expect([cellText(null), cellText("a"), cellText({ a: [1] }), cellText(false)]).toEqual(["", "a", '{"a":[1]}', "false"]);
});

test("figures have few digits", () => {
  expect([figure(1234567), figure(1.23456), figure(0.123456), figure(123.456), figure(0.00001), figure("x")]).toEqual(["1,234,567", "1.23", "0.1235", "123.5", "1.00e-5", "x"]);
});

test("a share is 0 or 100 only where it is", () => {
  expect([share(0, 9), share(1, 100_000), share(1, 3), share(99_999, 100_000), share(9, 9), share(0, 0)]).toEqual(["0 %", "< 0.1 %", "33 %", "> 99.9 %", "100 %", "0 %"]);
});
