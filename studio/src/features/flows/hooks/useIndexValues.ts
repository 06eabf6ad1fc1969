import { useQuery } from "@tanstack/react-query";
import { indexes } from "@/api/indexes";
import { useWorkspace } from "@/lib/workspace";
import { isReference } from "../logic/toolInputs";
import type { FlowTool, ToolInput, ToolValue } from "../model";

const LOOKUP = "flowyard.client.index_lookup.lookup";

/** The values of our own lookup tool's inputs: the workspace's indexes, and the versions of the one that is chosen. Nothing for other inputs. */
export function useIndexValues(tool: FlowTool, input: ToolInput, values: Readonly<Record<string, unknown>>, asked: boolean): readonly ToolValue[] {
  const workspace = useWorkspace();
  const isOurs = asked && tool.id === LOOKUP;
  const chosen = typeof values.index === "string" && values.index !== "" && !isReference(values.index) ? values.index : null;
  const names = useQuery({ ...indexes.list(workspace), enabled: isOurs && input.name === "index" });
  const versions = useQuery({ ...indexes.versions(workspace, chosen ?? ""), enabled: isOurs && input.name === "version" && chosen !== null, retry: false });
  if (input.name === "index") return (names.data ?? []).map(({ name, description }) => ({ value: name, ...(description ? { description } : {}) }));
  return input.name === "version" ? (versions.data ?? []).map(({ version }) => ({ value: version })) : [];
}
