import { type ReactNode, useMemo } from "react";
import { FlowProvider, useFlow } from "../../hooks/useFlowDocument";
import { editVariant, withVariant } from "../../logic/edits/variants";
import type { Document } from "yaml";

/** The document with a variant in its node's place; null where it cannot be: it was removed a moment ago. */
function seen(yaml: Document | null, node: string, id: string): Document | null {
  try {
    return yaml && withVariant(yaml, node, id);
  } catch {
    // What is shown of it goes with the next picture.
    return null;
  }
}

interface VariantProviderProps {
  readonly node: string;
  readonly id: string;
  readonly children: ReactNode;
}

/** Gives the views below the flow's document as it is with this variant as the node: what they edit of the node, they edit of the variant. */
export function VariantProvider({ node, id, children }: VariantProviderProps) {
  const document = useFlow();
  const yaml = useMemo(() => seen(document.yaml, node, id), [document.yaml, node, id]);
  const scoped = useMemo(() => {
    const inVariant = (change: (doc: Document) => void) => (doc: Document) => {
      editVariant(doc, node, id, change);
    };
    return {
      ...document,
      yaml,
      edit: (what: string, change: (doc: Document) => void) => {
        document.edit(`${what}, ${id}`, inVariant(change));
      },
      editFiles: (what: string, files: Readonly<Record<string, string | null>>, change?: (doc: Document) => void) => {
        document.editFiles(`${what}, ${id}`, files, change && inVariant(change));
      },
    };
  }, [document, yaml, node, id]);
  return <FlowProvider document={scoped}>{children}</FlowProvider>;
}
