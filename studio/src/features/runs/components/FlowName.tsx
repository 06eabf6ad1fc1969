import { useWorkspace } from "@/lib/workspace";
import { TextLink } from "@/ui/links";
import { useIsFlow } from "../hooks/useIsFlow";

/** The flow of a run, as a link where it is in the workspace. */
export function FlowName({ flow }: { readonly flow: string }) {
  const workspace = useWorkspace();
  if (!useIsFlow(flow)) return <span title="An uploaded copy: no flow of this name is in the workspace">{flow}</span>;
  return (
    <TextLink to="/w/$workspace/flows/$flow" params={{ workspace, flow }} inherit>
      {flow}
    </TextLink>
  );
}
