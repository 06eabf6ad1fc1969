import { type Document, isMap, isSeq, type YAMLMap } from "yaml";

/** Sets one input of a node in a flow's YAML. Throws Error when there is no such node. */
export function setNodeInput(doc: Document, node: string, input: string, value: unknown): void {
  const nodes = doc.get("nodes");
  const found = isSeq(nodes) ? nodes.items.find((item): item is YAMLMap => isMap(item) && item.get("name") === node) : undefined;
  if (!found) throw new Error(`The flow has no node ${node} whose input ${input} can be changed here: change it under Files.`);
  const inputs = found.get("inputs");
  if (isMap(inputs)) inputs.set(input, typeof value === "object" ? doc.createNode(value) : value);
  else found.set("inputs", doc.createNode({ [input]: value }));
}
