import { useWorkspace } from "@/lib/workspace";
import { TextLink } from "@/ui/links";

/** A link to the trace of a run. */
export function TraceLink({ traceId }: { readonly traceId: string | null }) {
  const workspace = useWorkspace();
  if (traceId === null) return null;
  return (
    <TextLink to="/w/$workspace/traces/$traceId" params={{ workspace, traceId }} size="sm">
      Trace
    </TextLink>
  );
}
