import { useParams } from "@tanstack/react-router";

/** The workspace of the address that is open. Only for views below `/w/$workspace`. */
export function useWorkspace(): string {
  const { workspace } = useParams({ strict: false });
  if (workspace === undefined) throw new Error("This view needs a workspace in its address.");
  return workspace;
}
