import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { flowEditing } from "@/api/flowEditing";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import type { SourceReport } from "../model";

/** How long typing rests before its text is read, milliseconds. */
const REST_MS = 200;

/** What the text of a file says of itself, with whether that is still being found out. */
interface SourceRead {
  readonly report: SourceReport | undefined;
  /** It will be known in a moment: what depends on it is not to be typed yet. */
  readonly reading: boolean;
}

/** As `useSource`, for who has to tell what is not known yet from what cannot be known. `entry`: the name that a flex flow's entry has in it. */
export function useSourceRead(flow: string, path: string, text: string | null, entry: string | null = null): SourceRead {
  const workspace = useWorkspace();
  const { write } = useRights(workspace);
  const [rested] = useDebouncedValue(text, REST_MS);
  const { data, error } = useQuery({ ...flowEditing.source(workspace, flow, { path, text: rested ?? "", entry }), enabled: write && rested !== null });
  return { report: data, reading: write && data === undefined && error === null };
}

/** What the text of a file says of itself, while it is typed; undefined until it is known, or where there is no text. */
export function useSource(flow: string, path: string, text: string | null): SourceReport | undefined {
  return useSourceRead(flow, path, text).report;
}
