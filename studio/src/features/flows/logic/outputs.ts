import type { FlowGraph } from "../model";

/** The node that each output of the flow refers to, by the output's name. */
export function referencesOf(graph: FlowGraph): Readonly<Record<string, string>> {
  return Object.fromEntries(
    graph.outputs.flatMap(({ name, reference }) => {
      const node = /^\$\{([^.}]+)/.exec(reference)?.[1];
      return node === undefined ? [] : [[name, node]];
    }),
  );
}

/** The beginning of a value in one line, for where there is room for no more. */
export function inOneLine(value: unknown, length = 80): string {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null);
  return text.slice(0, length * 2).replace(/\s+/g, " ").trim().slice(0, length);
}
