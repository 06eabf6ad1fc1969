import { ActionIcon, Button, Menu, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconArchive, IconArchiveOff, IconArrowsDiff, IconDots, IconDownload, IconPlayerPlay, IconPlayerStop, IconTrash } from "@tabler/icons-react";
import { EXPORT_FORMATS, isRunning, runs } from "@/api/runs";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { GuardedButton, GuardedItem } from "@/ui/GuardedButton";
import { ButtonLink } from "@/ui/links";
import { NotebookItem, useNotebook } from "@/ui/OpenNotebook";
import { doneOf } from "../logic/progress";
import type { Run } from "../model";
import { EvaluateButton } from "./EvaluateButton";

type Verb = "cancel" | "resume" | "archive" | "restore";

function useChange(run: Run) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (verb: Verb) => runs[verb](workspace, run.name),
    onSuccess: async (after) => {
      client.setQueryData(runs.get(workspace, run.name).queryKey, after);
      await client.invalidateQueries({ queryKey: ["runs", workspace] });
      await client.invalidateQueries({ queryKey: ["jobs", workspace] });
    },
  });
}

function Export({ run }: { readonly run: Run }) {
  const workspace = useWorkspace();
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {EXPORT_FORMATS.map((format) => (
          <Menu.Item key={format} fz="sm" component="a" href={runs.exportPath(workspace, run.name, format)} download={`${run.name}.${format}`}>
            Rows as .{format}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** What a resume would do: go on, or run failed rows again; null when there is nothing to resume. */
function resumeLabel(run: Run): string | null {
  if (run.status === "failed" || run.status === "canceled") return "Resume";
  const { failed } = doneOf(run.counts);
  return run.status === "completed" && failed > 0 ? "Run failed rows again" : null;
}

function More({ run, off, change, onDelete }: { readonly run: Run; readonly off: string | null; readonly change: (verb: Verb) => void; readonly onDelete: () => void }) {
  const active = isRunning(run);
  const notebook = useNotebook({ about: `run/${run.name}` });
  return (
    <>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon size={34} variant="default" aria-label="More actions">
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <NotebookItem opening={notebook} />
          <GuardedItem
            fz="sm"
            off={off}
            leftSection={run.archived ? <IconArchiveOff size={15} /> : <IconArchive size={15} />}
            onClick={() => {
              change(run.archived ? "restore" : "archive");
            }}
          >
            {run.archived ? "Restore run" : "Archive run"}
          </GuardedItem>
          <GuardedItem fz="sm" color="red" leftSection={<IconTrash size={15} />} off={off ?? (active ? "A run can be deleted once it has ended." : null)} onClick={onDelete}>
            Delete run
          </GuardedItem>
        </Menu.Dropdown>
      </Menu>
      {notebook.dialog}
    </>
  );
}

/** Cancel, resume, evaluate, compare, export, archive and delete a run. */
export function RunActions({ run }: { readonly run: Run }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const client = useQueryClient();
  const readOnly = whyReadOnly(useRights(workspace));
  const change = useChange(run);
  const [deleting, remove] = useDisclosure(false);
  const again = resumeLabel(run);
  return (
    <>
      {change.error && (
        <Text size="sm" c="var(--fy-bad)" role="alert" maw={360}>
          {change.error.message}
        </Text>
      )}
      <More run={run} off={readOnly} change={change.mutate} onDelete={remove.open} />
      <Export run={run} />
      <ButtonLink variant="default" leftSection={<IconArrowsDiff size={16} />} to="/w/$workspace/runs/compare" params={{ workspace }} search={{ runs: run.name } as never}>
        Compare
      </ButtonLink>
      {again !== null && (
        <GuardedButton
          variant="default"
          off={readOnly}
          leftSection={<IconPlayerPlay size={16} />}
          loading={change.isPending}
          onClick={() => {
            change.mutate("resume");
          }}
        >
          {again}
        </GuardedButton>
      )}
      {isRunning(run) && (
        <GuardedButton
          variant="default"
          off={readOnly}
          leftSection={<IconPlayerStop size={16} />}
          loading={change.isPending || run.status === "canceling"}
          onClick={() => {
            change.mutate("cancel");
          }}
        >
          Cancel
        </GuardedButton>
      )}
      {!isRunning(run) && (
        <EvaluateButton run={run.name} />
      )}
      <ConfirmDelete
        opened={deleting}
        onClose={remove.close}
        what={`run ${run.name}`}
        consequence="Its rows, metrics and log are removed and do not come back. Runs that were made from it keep what they have; traces stay."
        onConfirm={async () => {
          await runs.remove(workspace, run.name);
          await navigate({ to: "/w/$workspace/runs", params: { workspace } });
          void client.invalidateQueries({ queryKey: ["runs", workspace, "pages"] });
        }}
      />
    </>
  );
}
