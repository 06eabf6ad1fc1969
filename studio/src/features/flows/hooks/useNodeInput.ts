import { useState } from "react";
import { setInput } from "../logic/edits/nodes";
import { useFlow } from "./useFlowDocument";

interface NodeInputs {
  readonly save: (input: string, value: unknown) => void;
  /** Why the last input could not be set; null: it was. */
  readonly error: unknown;
  readonly off: boolean;
}

/** Sets inputs of a node in the flow's document. */
export function useNodeInput(node: string): NodeInputs {
  const { edit, readOnly } = useFlow();
  const [error, setError] = useState<unknown>(null);
  const save = (input: string, value: unknown): void => {
    try {
      edit(`Set ${input} of ${node}`, (doc) => {
        setInput(doc, node, input, value);
      });
      setError(null);
    } catch (problem) {
      setError(problem);
    }
  };
  return { save, error, off: readOnly !== null };
}
