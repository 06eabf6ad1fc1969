/** Images in values, in prompt flow's two ways to write one: `{"data:image/png;base64": …}` and `{"type": "image_url", …}`. */

export type ImageForm = "basic" | "openai-vision";

/** An image in a value. `src` is its data URL; null where the browser does not hold it, and `place` says where it is. */
export interface FoundImage {
  readonly src: string | null;
  readonly place: string;
  /** What the value says, to be sent as it is. */
  readonly value: unknown;
}

/** What browsers show and models take. */
export const IMAGE_TYPES: readonly string[] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

const KEY = /^data:(image\/[\w.+*-]+);(path|base64|url)$/;
const DATA_URL = /^data:(image\/[\w.+*-]+);base64,/;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function found(value: unknown, place: string): FoundImage {
  const type = DATA_URL.exec(place)?.[1];
  if (type === undefined) return { src: null, place, value };
  return { src: IMAGE_TYPES.includes(type.toLowerCase()) ? place : null, place: type, value };
}

function ofBasic(value: Readonly<Record<string, unknown>>): FoundImage | null {
  const [entry, more] = Object.entries(value);
  const key = entry && more === undefined ? KEY.exec(entry[0]) : null;
  if (!entry || !key || typeof entry[1] !== "string") return null;
  const [, type = "", kind] = key;
  return found(value, kind === "base64" && !DATA_URL.test(entry[1]) ? `data:${type};base64,${entry[1]}` : entry[1]);
}

function ofVision(value: Readonly<Record<string, unknown>>): FoundImage | null {
  const place = value.type === "image_url" ? "url" : value.type === "image_file" ? "path" : null;
  const inner = place === null ? null : value[String(value.type)];
  const at = isRecord(inner) && place !== null ? inner[place] : null;
  return typeof at === "string" ? found(value, at) : null;
}

/** The image that a value means; null for every other value. */
export function imageOf(value: unknown): FoundImage | null {
  if (typeof value === "string") return DATA_URL.test(value) ? found(value, value) : null;
  return isRecord(value) ? (ofBasic(value) ?? ofVision(value)) : null;
}

/** All images in a value, those in lists and objects too. */
export function imagesIn(value: unknown): readonly FoundImage[] {
  const image = imageOf(value);
  if (image) return [image];
  if (Array.isArray(value)) return value.flatMap(imagesIn);
  return isRecord(value) ? Object.values(value).flatMap(imagesIn) : [];
}

/** An image, given as its data URL, as a flow of that form takes it. */
export function imageValue(dataUrl: string, form: ImageForm): unknown {
  if (form === "openai-vision") return { type: "image_url", image_url: { url: dataUrl } };
  const comma = dataUrl.indexOf(",");
  return { [dataUrl.slice(0, comma)]: dataUrl.slice(comma + 1) };
}

/** A text as a part of a message beside images. */
export function textValue(text: string, form: ImageForm): unknown {
  return form === "openai-vision" ? { type: "text", text } : text;
}

/** The text that a part of a message is; null for what is no text. */
export function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  return isRecord(value) && value.type === "text" && typeof value.text === "string" ? value.text : null;
}

const LONG = 96;

/** A value to be shown as JSON: images' bytes, which nobody reads, are cut. */
export function withoutBytes(value: unknown): unknown {
  if (typeof value === "string") return DATA_URL.test(value) && value.length > LONG ? `${value.slice(0, LONG)}… (${String(value.length)} characters)` : value;
  if (Array.isArray(value)) return value.map(withoutBytes);
  if (!isRecord(value)) return value;
  const cut = (key: string, item: unknown) =>
    KEY.test(key) && typeof item === "string" && item.length > LONG ? `${item.slice(0, LONG)}… (${String(item.length)} characters)` : withoutBytes(item);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cut(key, item)]));
}
