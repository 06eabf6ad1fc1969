import { Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconDownload, IconRocket, IconTrash } from "@tabler/icons-react";
import { models } from "@/api/models";
import type { Model } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatBytes } from "@/lib/format";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { usePull } from "../hooks/usePull";

/** Pull and remove. */
export function ModelActions({ model, workspace }: { model: Model; workspace: string }) {
  const client = useQueryClient();
  const pull = usePull(workspace, model.name);
  const rights = useRights(workspace);
  const readOnly = whyReadOnly(rights);
  const navigate = useNavigate();
  const [removing, { open, close }] = useDisclosure(false);
  const remove = async () => {
    await models.remove(workspace, model.name);
    await client.invalidateQueries({ queryKey: ["models", workspace] });
  };
  const pullable = model.state === "not_pulled" || model.state === "damaged";
  return (
    <>
      {model.state === "ready" && (
        <GuardedButton off={readOnly} variant="default" leftSection={<IconTrash size={15} />} onClick={open}>
          Remove
        </GuardedButton>
      )}
      {model.task !== "rerank" && (
        <GuardedButton
          off={readOnly ?? model.actions?.deploy ?? null}
          variant={pullable ? "default" : "filled"}
          leftSection={<IconRocket size={15} />}
          onClick={() => void navigate({ to: "/w/$workspace/deploy", params: { workspace }, search: { model: model.name } as never })}
        >
          Deploy
        </GuardedButton>
      )}
      {pullable && (
        <GuardedButton
          off={readOnly ?? model.actions?.pull ?? null}
          leftSection={<IconDownload size={16} />}
          loading={pull.isPending}
          onClick={() => {
            pull.mutate();
          }}
        >
          {model.state === "damaged" ? "Pull again" : "Pull"}
          {model.bytes_total !== null && ` (${formatBytes(model.bytes_total - (model.state === "damaged" ? 0 : model.bytes_present))})`}
        </GuardedButton>
      )}
      <Modal opened={pull.isError} onClose={pull.reset} title={<Text fw={600}>The pull did not start</Text>}>
        <ErrorPanel error={pull.error} />
      </Modal>
      <ConfirmDelete
        opened={removing}
        onClose={close}
        what={model.display_name}
        action="Remove"
        consequence={`Its files (${formatBytes(model.bytes_present)}) leave this machine, for all workspaces. Flows and endpoints that call it fail until it is pulled again.`}
        onConfirm={remove}
      />
    </>
  );
}
