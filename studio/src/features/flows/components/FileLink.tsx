import type { Problem } from "@/api/problem";
import { useWorkspace } from "@/lib/workspace";
import { TextLink } from "@/ui/links";

/** Opens a file of the flow in the editor, at a line if one is given. */
export function FileLink({ flow, path, line }: { readonly flow: string; readonly path: string; readonly line?: number | null }) {
  const workspace = useWorkspace();
  const search = { tab: "files", file: path, ...(line ? { line: String(line) } : {}) };
  return (
    <TextLink to="/w/$workspace/flows/$flow" params={{ workspace, flow }} search={search as never} size="sm" ff="monospace" fz={12}>
      {line ? `${path}:${line}` : path}
    </TextLink>
  );
}

/** A link to where a problem is, when that is a file of the flow. */
export function PlaceLink({ flow, problem }: { readonly flow: string; readonly problem: Problem | null | undefined }) {
  const file = problem?.location?.file;
  return file ? <FileLink flow={flow} path={file} line={problem.location?.line ?? null} /> : null;
}
