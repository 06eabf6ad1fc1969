import { TextLink } from "@/ui/links";

/** What a job works on, `<kind>/<name>`, as a link where the kind has a view. */
export function TargetLink({ target, workspace }: { target: string; workspace: string }) {
  const [kind, name] = target.split("/");
  if (!name) return <span>{target}</span>;
  if (kind === "model" || kind === "models") {
    return (
      <TextLink to="/w/$workspace/models/$name" params={{ workspace, name }} inherit>
        {target}
      </TextLink>
    );
  }
  if (kind === "endpoint" || kind === "endpoints") {
    return (
      <TextLink to="/w/$workspace/endpoints/$name" params={{ workspace, name }} inherit>
        {target}
      </TextLink>
    );
  }
  if (kind === "index") {
    return (
      <TextLink to="/w/$workspace/indexes/$name" params={{ workspace, name }} inherit>
        {target}
      </TextLink>
    );
  }
  if (kind === "run" || kind === "runs") {
    return (
      <TextLink to="/w/$workspace/runs/$name" params={{ workspace, name }} inherit>
        {target}
      </TextLink>
    );
  }
  return <span>{target}</span>;
}
