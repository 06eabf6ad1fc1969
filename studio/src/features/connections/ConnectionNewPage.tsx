import { useNavigate } from "@tanstack/react-router";
import { useWorkspace } from "@/lib/workspace";
import { Page, PageHeader } from "@/ui/Page";
import { ConnectionForm } from "./components/ConnectionForm";

/** A new connection. */
export function ConnectionNewPage() {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  return (
    <Page>
      <PageHeader title="New connection" parent={{ label: "Connections", target: { to: "/w/$workspace/connections", params: { workspace } } }} />
      <ConnectionForm
        workspace={workspace}
        onSaved={(saved) => {
          void navigate({ to: "/w/$workspace/connections/$name", params: { workspace, name: saved.name } });
        }}
      />
    </Page>
  );
}
