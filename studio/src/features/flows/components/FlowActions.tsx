import { ActionIcon, Button, Group, Menu, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCopy, IconDots, IconDownload, IconListCheck, IconPencil, IconRocket, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { request } from "@/api/client";
import { flows } from "@/api/flows";
import { saveFile } from "@/lib/saveFile";
import { useWorkspace } from "@/lib/workspace";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton, GuardedItem } from "@/ui/GuardedButton";
import { ButtonLink } from "@/ui/links";
import { NotebookItem, useNotebook } from "@/ui/OpenNotebook";
import { useFlow } from "../hooks/useFlowDocument";
import { flowNameProblem, freeName } from "../logic/flowNames";
import type { Flow } from "../model";

interface NameDialogProps {
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly first: string;
  readonly onClose: () => void;
  readonly onName: (name: string) => Promise<Flow>;
}

/** Asks for a name, and opens the flow that has it then. */
function NameDialog({ title, text, button, first, onClose, onName }: NameDialogProps) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const client = useQueryClient();
  const taken = useQuery(flows.list(workspace)).data?.items.map((flow) => flow.name) ?? [];
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? freeName(first, taken);
  const problem = flowNameProblem(name, taken);
  const save = useMutation({
    mutationFn: () => onName(name),
    onSuccess: (flow) => {
      void client.invalidateQueries({ queryKey: flows.list(workspace).queryKey, exact: true });
      onClose();
      void navigate({ to: "/w/$workspace/flows/$flow", params: { workspace, flow: flow.name } });
    },
  });
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{title}</Text>} size={440}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (problem === null) save.mutate();
        }}
      >
        <Stack gap="md">
          <TextInput label="Name" description={text} value={name} error={typed === null ? null : problem} data-autofocus onChange={(event) => setTyped(event.currentTarget.value)} />
          {save.error && <ErrorPanel error={save.error} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <GuardedButton type="submit" loading={save.isPending} off={problem}>
              {button}
            </GuardedButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** Run, deploy, and what else can be done with a whole flow. A reader sees why a button is off. */
export function FlowActions({ flow }: { readonly flow: Flow }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const client = useQueryClient();
  const document = useFlow();
  const [deleting, remove] = useDisclosure(false);
  const [asking, ask] = useState<"clone" | "rename" | null>(null);
  const off = document.readOnly;
  const notebook = useNotebook({ about: `flow/${flow.name}`, before: () => document.save() });
  const download = async (): Promise<void> => {
    await document.save();
    const answer = await request(flows.archivePath(workspace, flow.name));
    saveFile(await answer.blob(), `${flow.name}.zip`);
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={34} variant="default" aria-label="More actions">
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconDownload size={15} />} onClick={() => void download()}>
            Export as zip
          </Menu.Item>
          <NotebookItem opening={notebook} />
          <GuardedItem leftSection={<IconCopy size={15} />} off={off} onClick={() => ask("clone")}>
            Clone flow
          </GuardedItem>
          <GuardedItem leftSection={<IconPencil size={15} />} off={off} onClick={() => ask("rename")}>
            Rename flow
          </GuardedItem>
          <GuardedItem color="red" leftSection={<IconTrash size={15} />} off={off} onClick={remove.open}>
            Delete flow
          </GuardedItem>
        </Menu.Dropdown>
      </Menu>
      <ButtonLink off={off} variant="default" leftSection={<IconListCheck size={16} />} to="/w/$workspace/runs/new" params={{ workspace }} search={{ flow: flow.name } as never}>
        Run on data
      </ButtonLink>
      <ButtonLink off={off ?? (flow.errors > 0 ? "Validation found errors: mend them first, under Findings" : null)} leftSection={<IconRocket size={16} />} to="/w/$workspace/deploy" params={{ workspace }} search={{ flow: flow.name } as never}>
        Deploy
      </ButtonLink>
      {notebook.dialog}
      {asking === "clone" && (
        <NameDialog
          title={`Clone ${flow.name}`}
          text="The new flow has the same files and a history of its own."
          button="Clone flow"
          first={`${flow.name}-copy`}
          onClose={() => ask(null)}
          onName={async (name) => {
            await document.save();
            return flows.clone(workspace, flow.name, name);
          }}
        />
      )}
      {asking === "rename" && (
        <NameDialog
          title={`Rename ${flow.name}`}
          text="Its history goes with it. Runs and deployments made of it keep the old name."
          button="Rename flow"
          first={flow.name}
          onClose={() => ask(null)}
          onName={async (name) => {
            await document.save();
            return flows.rename(workspace, flow.name, name);
          }}
        />
      )}
      <ConfirmDelete
        opened={deleting}
        onClose={remove.close}
        what={`flow ${flow.name}`}
        consequence="Its folder with all files and its history are removed. Deployments made from it keep their own copy and go on serving; traces stay."
        typeToConfirm={flow.name}
        onConfirm={async () => {
          await flows.remove(workspace, flow.name);
          await navigate({ to: "/w/$workspace/flows", params: { workspace } });
          void client.invalidateQueries({ queryKey: flows.list(workspace).queryKey });
        }}
      />
    </>
  );
}
