import { parse } from "yaml";

/** The variants of one node, as the flow's file declares them. */
export interface NodeVariants {
  readonly node: string;
  readonly defaultId: string | null;
  readonly ids: readonly string[];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads `node_variants` of a flow's file; what cannot be read has none. */
export function variantsOf(text: string): NodeVariants[] {
  let flow: unknown;
  try {
    flow = parse(text) as unknown;
  } catch {
    // Validation says what is wrong with the file; here it has no variants to offer.
    return [];
  }
  if (!isRecord(flow) || !isRecord(flow.node_variants)) return [];
  return Object.entries(flow.node_variants).flatMap(([node, table]) => {
    if (!isRecord(table) || !isRecord(table.variants)) return [];
    const chosen = table.default_variant_id;
    return [{ node, defaultId: typeof chosen === "string" ? chosen : null, ids: Object.keys(table.variants) }];
  });
}

/** A variant as a run names it. */
export function variantName(node: string, id: string): string {
  return `\${${node}.${id}}`;
}
