import type { IndexVersion } from "@/api/types";
import { useJob } from "@/api/useJob";
import { useWorkspace } from "@/lib/workspace";
import { Loaded } from "@/ui/Loaded";
import { BuildPanel } from "./BuildPanel";

/** How a version was built. */
export function BuildTab({ version }: { readonly version: IndexVersion }) {
  const workspace = useWorkspace();
  const { query } = useJob(workspace, version.job);
  return <Loaded query={query}>{(job) => <BuildPanel job={job} workspace={workspace} />}</Loaded>;
}
