/** What an evaluator will find of a run that is still to be made. */
import type { FlowGraph } from "@/api/types";
import { fed, type MappingDraft, type Sample } from "./mapping";

/** Stands for what only the run will know. */
export const LATER = "(once it has run)";

/** A row as an evaluator will find it: the data's values, what the mapping feeds the flow, and its outputs by their names. */
export function sampleAhead(row: Sample, graph: Pick<FlowGraph, "inputs" | "outputs"> | undefined, mapping: MappingDraft): Sample {
  const given = (graph?.inputs ?? []).map((input): [string, unknown] => {
    const found = fed(input, mapping[input.name] ?? "", row);
    return [input.name, found.kind === "value" || found.kind === "default" ? found.value : LATER];
  });
  const { data, line } = row;
  return { line, ...(data === undefined ? {} : { data }), "run.inputs": Object.fromEntries(given), "run.outputs": Object.fromEntries((graph?.outputs ?? []).map(({ name }) => [name, LATER])) };
}
