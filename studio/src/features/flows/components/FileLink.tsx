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
