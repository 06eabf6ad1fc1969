import { useMemo } from "react";
import { flowEditing } from "@/api/flowEditing";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import type { CodeAssist } from "@/ui/CodeEditor";

/** Completion, notes and what calls take, for a Python file of a flow, from the flow's own process; none for other files, and for who may not run it. */
export function useCodeAssist(flow: string, path: string): CodeAssist | undefined {
  const workspace = useWorkspace();
  const { write } = useRights(workspace);
  const isOn = write && path.endsWith(".py");
  return useMemo(
    () =>
      isOn
        ? {
            complete: (spot, signal) => flowEditing.completions(workspace, flow, { path, ...spot }, signal),
            explain: (spot) => flowEditing.explanation(workspace, flow, { path, ...spot }),
            signatures: (spot, signal) => flowEditing.signatures(workspace, flow, { path, ...spot }, signal),
          }
        : undefined,
    [isOn, workspace, flow, path],
  );
}
