import { IconDownload, IconPlugConnected } from "@tabler/icons-react";
import type { Model } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatBytes } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { GuardedButton } from "@/ui/GuardedButton";
import { ButtonLink } from "@/ui/links";
import { usePull } from "../hooks/usePull";
import { known } from "../tasks";

/** Instead of the try-out, while the model is not on this machine. */
export function NotPulled({ model }: { model: Model }) {
  const workspace = useWorkspace();
  const pull = usePull(workspace, model.name);
  const off = whyReadOnly(useRights(workspace));
  if (model.state === "remote")
    return (
      <EmptyState icon={IconPlugConnected} title="It needs a connection" text={model.actions?.try_it ?? "It is hosted elsewhere: make a connection to whoever serves it."}>
        <ButtonLink off={off} to="/w/$workspace/connections/new" params={{ workspace }}>
          New connection
        </ButtonLink>
      </EmptyState>
    );
  const pulling = model.state === "pulling" || pull.isPending;
  return (
    <EmptyState
      icon={IconDownload}
      title={pulling ? "On its way" : "Not on this machine yet"}
      text={pulling ? "You can try the model here as soon as its files are in place." : `Pull it once (${known(model.bytes_total, formatBytes)}); then it answers here, in flows and behind endpoints.`}
    >
      {!pulling && (
        <GuardedButton
          off={off}
          leftSection={<IconDownload size={16} />}
          onClick={() => {
            pull.mutate();
          }}
        >
          Pull
        </GuardedButton>
      )}
    </EmptyState>
  );
}
