import { isMap, isScalar, isSeq, parseDocument, stringify, type Node, type Pair, type YAMLMap } from "yaml";
import { FLOW_FILE } from "./files";

interface Change {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** A value on one line; `inFlow`: between braces, where more has to be quoted. */
function oneLine(value: unknown, inFlow: boolean): string {
  const plain = typeof value === "string" && !inFlow && !value.includes("\n");
  return plain ? stringify(value, { lineWidth: 0 }).trimEnd() : JSON.stringify(value);
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

function rangeOf(node: unknown): readonly [number, number] | null {
  const range = (node as Node | null)?.range;
  return range ? [range[0], range[1]] : null;
}

/** Puts `entry` before the first key of a map, in the way that the map is written. */
function before(text: string, map: YAMLMap, entry: string): Change | null {
  const at = rangeOf(map.items[0]?.key)?.[0];
  if (at === undefined) return null;
  const column = at - (text.lastIndexOf("\n", at - 1) + 1);
  return { from: at, to: at, text: map.flow ? `${entry}, ` : `${entry}\n${" ".repeat(column)}` };
}

/** The change that gives a node its first input: `inputs` is not there, or empty. */
function firstInput(text: string, node: YAMLMap, inputs: Pair | undefined, input: string, value: unknown): Change | null {
  if (inputs) {
    const key = rangeOf(inputs.key);
    const to = rangeOf(inputs.value)?.[1] ?? key?.[1];
    return key && to !== undefined ? { from: key[1], to, text: `: {${input}: ${oneLine(value, true)}}` } : null;
  }
  if (node.flow) return before(text, node, `inputs: {${input}: ${oneLine(value, true)}}`);
  const at = rangeOf(node.items[0]?.key)?.[0] ?? 0;
  const column = at - (text.lastIndexOf("\n", at - 1) + 1);
  return before(text, node, `inputs:\n${" ".repeat(column + 2)}${input}: ${oneLine(value, false)}`);
}

function changeOf(text: string, node: YAMLMap, input: string, value: unknown): Change | null {
  const inputs = pairOf(node, "inputs");
  const map = inputs?.value;
  if (!isMap(map) || map.items.length === 0) return firstInput(text, node, inputs, input, value);
  const pair = pairOf(map, input);
  if (!pair) return before(text, map, `${input}: ${oneLine(value, map.flow === true)}`);
  const range = rangeOf(pair.value);
  const key = rangeOf(pair.key);
  if (!range || !key) return null;
  const end = text.slice(range[0], range[1]).endsWith("\n") ? "\n" : "";
  return { from: key[1], to: range[1], text: `: ${oneLine(value, map.flow === true)}${end}` };
}

/** The text of a flow file with one input of a node set to a value; every other character stays. Throws when it cannot be done. */
export function withNodeInput(text: string, node: string, input: string, value: unknown): string {
  const document = parseDocument(text);
  const nodes = document.get("nodes");
  const found = isSeq(nodes) ? nodes.items.find((item): item is YAMLMap => isMap(item) && item.get("name") === node) : undefined;
  const change = document.errors.length === 0 && found ? changeOf(text, found, input, value) : null;
  if (!change) throw new Error(`${FLOW_FILE} has no node ${node} whose input ${input} can be changed here: change it under Files.`);
  return text.slice(0, change.from) + change.text + text.slice(change.to);
}
