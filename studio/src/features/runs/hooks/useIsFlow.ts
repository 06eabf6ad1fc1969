import { useQuery } from "@tanstack/react-query";
import { flows } from "@/api/flows";
import { useWorkspace } from "@/lib/workspace";

/** Whether a flow of this name is in the workspace: a run may be of one that was uploaded, or deleted since. */
export function useIsFlow(name: string): boolean {
  const list = useQuery({ ...flows.list(useWorkspace()), staleTime: 60_000 });
  return list.data?.items.some((flow) => flow.name === name) ?? false;
}
