import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { flowEditing } from "@/api/flowEditing";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import type { SourceReport } from "../model";

/** How long typing rests before its text is read, milliseconds. */
const REST_MS = 200;

/**
 * What the text of a file says of itself, while it is typed; undefined until it is known, or where there is no text. `entry`: the name that
 * a flex flow's entry has in it.
 */
export function useSource(flow: string, path: string, text: string | null, entry: string | null = null): SourceReport | undefined {
  const workspace = useWorkspace();
  const { write } = useRights(workspace);
  const [rested] = useDebouncedValue(text, REST_MS);
  return useQuery({ ...flowEditing.source(workspace, flow, { path, text: rested ?? "", entry }), enabled: write && rested !== null }).data;
}
