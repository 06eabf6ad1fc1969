import type { FlowGraph } from "../model";
import { variantName } from "./edits/variants";
import { MODEL_INPUTS } from "./parameters";
import type { TestRequest } from "./parts";

/** A way to answer that is offered for a chat: `key` names it in the address, empty for the flow as its files say it. */
export interface Side {
  readonly key: string;
  readonly label: string;
  readonly changes: Pick<TestRequest, "variant" | "overrides">;
}

/** The flow as its files say it. */
export const AS_IS: Side = { key: "", label: "The flow as it is", changes: {} };

/** The variants that can answer instead, by node. */
export function variantSides(graph: FlowGraph): readonly Side[] {
  return graph.nodes.flatMap(({ name, variants }) =>
    (variants ?? []).map((id) => ({ key: `variant:${name}.${id}`, label: `${id} of ${name}`, changes: { variant: variantName(name, id) } })),
  );
}

/**
 * The models that can answer instead, at each LLM node. `models`: as callers name them, `connection/model`, without a connection for those
 * of this machine.
 */
export function modelSides(graph: FlowGraph, models: readonly string[]): readonly Side[] {
  return graph.nodes
    .filter(({ kind }) => kind === "llm")
    .flatMap((node) => {
      const key = MODEL_INPUTS.find((each) => each in (node.inputs ?? {})) ?? "deployment_name";
      return models.map((id) => {
        const at = id.indexOf("/");
        const [connection, model] = at < 0 ? ["local", id] : [id.slice(0, at), id.slice(at + 1)];
        return { key: `model:${node.name}:${id}`, label: `${id} in ${node.name}`, changes: { overrides: { [node.name]: { connection, [key]: model } } } };
      });
    });
}
