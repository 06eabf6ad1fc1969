import { describe, expect, it } from "vitest";
import { imageOf, imagesIn, imageValue, textOf, textValue, withoutBytes } from "./images";
import { refusal } from "./readImages";

const URL = "data:image/png;base64,iVBORw0KGgo=";

describe("imageOf", () => {
  it.each([
    [{ "data:image/png;base64": "iVBORw0KGgo=" }, URL],
    [{ "data:image/png;base64": URL }, URL],
    [{ type: "image_url", image_url: { url: URL } }, URL],
    [URL, URL],
    [{ "data:image/png;path": "a.png" }, null],
    [{ "data:image/png;url": "https://host/a.png" }, null],
    [{ type: "image_file", image_file: { path: "a.png" } }, null],
    [{ type: "image_url", image_url: { url: "https://host/a.png" } }, null],
    [{ "data:image/svg+xml;base64": "PHN2Zz4=" }, null],
  ])("%j", (value, src) => {
    expect(imageOf(value)?.src).toBe(src);
    expect(imageOf(value)?.value).toBe(value);
  });

  it.each([{}, null, 5, "a.png", { "data:image/png;base64": 5 }, { "data:image/png;base64": "a", b: 1 }, { type: "image_url" }, { "data:text/html;base64": "a" }])("%j is none", (value) => {
    expect(imageOf(value)).toBeNull();
  });

  it("finds what it writes, in lists and objects too", () => {
    for (const form of ["basic", "openai-vision"] as const) {
      const parts = [textValue("What is it?", form), imageValue(URL, form), { more: [imageValue(URL, form)] }];
      expect(imagesIn(parts).map(({ src }) => src)).toEqual([URL, URL]);
      expect(textOf(parts[0])).toBe("What is it?");
    }
  });
});

it("shows values without an image's bytes", () => {
  const long = "A".repeat(500);
  expect(withoutBytes([{ "data:image/png;base64": long }, "x".repeat(500)])).toEqual([{ "data:image/png;base64": `${"A".repeat(96)}… (500 characters)` }, "x".repeat(500)]);
  expect(JSON.stringify(withoutBytes(imageValue(`${URL}${long}`, "openai-vision")))).toContain("characters)");
});

it.each([
  [{ name: "a.svg", type: "image/svg+xml", size: 1 }, "no image that can be sent"],
  [{ name: "a.png", type: "image/png", size: 5_000_000 }, "at most"],
  [{ name: "a.png", type: "image/png", size: 0 }, "is empty"],
])("refuses $name", (file, words) => {
  expect(refusal(file)).toContain(words);
  expect(refusal({ name: "a.webp", type: "image/webp", size: 4_000_000 })).toBeNull();
});
