import { type Document, isMap, isScalar } from "yaml";

type Path = readonly [string, ...string[]];

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (isScalar(value) && value.value === null);
}

/** Sets the value at a path of keys, making the mappings on the way to it. Throws Error where something else than a mapping is there. */
export function setAt(doc: Document, path: Path, value: unknown): void {
  for (let length = 1; length < path.length; length += 1) {
    const above = path.slice(0, length);
    const found = doc.getIn(above, true);
    if (isEmpty(found)) doc.setIn(above, doc.createNode({}));
    else if (!isMap(found)) throw new Error(`${above.join(".")} is no mapping, so it has no ${path[length] ?? ""}: write it as one under Files.`);
    else if (found.items.length === 0) found.flow = false;
  }
  const present = doc.getIn(path, true);
  // Quotes stay around a text as their author chose them; those of an empty text are only there because it is empty, and a number has none.
  if (isScalar(present) && (present.value === "" || typeof value !== "string")) delete present.type;
  doc.setIn(path, typeof value === "object" ? doc.createNode(value) : value);
}

/** Takes away what is at a path of keys, and the mappings above it that have nothing else. */
export function removeAt(doc: Document, path: Path): void {
  for (let length = path.length; length > 0; length -= 1) {
    const keys = path.slice(0, length);
    const found = doc.getIn(keys, true);
    if (length < path.length && !(isMap(found) && found.items.length === 0)) return;
    if (doc.hasIn(keys)) doc.deleteIn(keys);
  }
}

/** Sets what is at a path of keys, or takes it away where the value is undefined. */
export function putAt(doc: Document, path: Path, value: unknown): void {
  if (value === undefined) removeAt(doc, path);
  else setAt(doc, path, value);
}
