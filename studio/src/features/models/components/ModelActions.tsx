import { Button, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { IconDownload, IconTrash } from "@tabler/icons-react";
import { models } from "@/api/models";
import type { Model } from "@/api/types";
import { useRights } from "@/api/useRights";
import { formatBytes } from "@/lib/format";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { usePull } from "../hooks/usePull";

/** Pull and remove. */
export function ModelActions({ model, workspace }: { model: Model; workspace: string }) {
  const client = useQueryClient();
  const pull = usePull(workspace, model.name);
  const { write } = useRights(workspace);
  const [removing, { open, close }] = useDisclosure(false);
  const remove = async () => {
    await models.remove(workspace, model.name);
    await client.invalidateQueries({ queryKey: ["models", workspace] });
  };
  if (!write) return null;
  return (
    <>
      {model.state === "ready" && (
        <Button variant="default" leftSection={<IconTrash size={15} />} onClick={open}>
          Remove
        </Button>
      )}
      {(model.state === "not_pulled" || model.state === "damaged") && (
        <Button
          leftSection={<IconDownload size={16} />}
          loading={pull.isPending}
          onClick={() => {
            pull.mutate();
          }}
        >
          {model.state === "damaged" ? "Pull again" : "Pull"}
          {model.bytes_total !== null && ` (${formatBytes(model.bytes_total - (model.state === "damaged" ? 0 : model.bytes_present))})`}
        </Button>
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
