import { Button, Group, Modal, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { data } from "@/api/data";
import type { DataImportCreate, Job } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { JobPanel } from "@/ui/JobPanel";
import { ButtonLink, TextLink } from "@/ui/links";
import { useStartedJob } from "../hooks/useStartedJob";
import { useStores } from "../hooks/useStores";
import { madeBy } from "../hooks/useTransform";
import { nameFor, nameProblem } from "@/lib/names";
import { cronProblem } from "../logic/schedules";
import { nameAndVersion } from "../logic/splits";
import { NameInput } from "./NameInput";

/** What of which database is imported. */
export interface DatabaseSource {
  readonly store: string;
  /** A table, as `schema.name`, in place of a statement. */
  readonly table?: string;
  readonly query?: string;
}

interface FromDatabaseProps {
  /** The asset that gets another version; without it a new one is made. */
  readonly asset: string | undefined;
  readonly source?: DatabaseSource;
  readonly onClose: () => void;
}

const MONO = { input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } };

/** The version that an import made, once it has. */
function madeOf(job: Job | undefined): string | null {
  return job?.status === "completed" ? madeBy(job.result) : null;
}

function isWhole(body: DataImportCreate, cron: string | null): boolean {
  const hasSource = typeof body.table === "string" || (body.query ?? "").trim().length >= 8;
  return body.datastore !== "" && hasSource && nameProblem(body.name) === null && (cron === null || cronProblem(cron) === null);
}

/** What the form asks for, whether it is whole, and what starts it: once, or again and again. */
function useImport(workspace: string, asset: string | undefined, source: DatabaseSource | undefined) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { stores, known } = useStores(workspace, true);
  const [chosen, setStore] = useState(source?.store ?? null);
  const [query, setQuery] = useState(source?.query ?? "SELECT * FROM ");
  const [typed, setName] = useState(() => nameFor(source?.table?.split(".").at(-1) ?? ""));
  const [cron, setCron] = useState<string | null>(null);
  const store = chosen ?? stores[0]?.name ?? "";
  const name = asset ?? typed;
  const body: DataImportCreate = { name, datastore: store, tags: {}, ...(source?.table === undefined ? { query } : { table: source.table }) };
  const once = useStartedJob(workspace, () => data.importRows(workspace, body));
  const repeat = useMutation({
    mutationFn: () => data.schedule(workspace, cron ?? "", body),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: data.schedules(workspace).queryKey });
      await navigate({ to: "/w/$workspace/data", params: { workspace }, search: { tab: "schedules" } as never });
    },
  });
  const whole = isWhole(body, cron);
  return { stores, known, store, setStore, query, setQuery, name, setName, cron, setCron, whole, once, repeat };
}

function When({ cron, setCron }: { readonly cron: string | null; readonly setCron: (cron: string | null) => void }) {
  return (
    <Group gap="md" align="flex-start">
      <SegmentedControl
        aria-label="When"
        value={cron === null ? "once" : "schedule"}
        onChange={(next) => setCron(next === "once" ? null : "0 6 * * *")}
        data={[
          { value: "once", label: "Once, now" },
          { value: "schedule", label: "On a schedule" },
        ]}
      />
      {cron !== null && (
        <TextInput aria-label="Schedule" description="Minute, hour, day of month, month, day of week, in UTC. 0 6 * * *: every day at six." inputWrapperOrder={["input", "description", "error"]} flex={1} styles={MONO} value={cron} error={cronProblem(cron)} onChange={(event) => setCron(event.currentTarget.value)} />
      )}
    </Group>
  );
}

/** A version of what a database answers, as Parquet; once, or on a schedule. */
export function FromDatabase({ asset, source, onClose }: FromDatabaseProps) {
  const workspace = useWorkspace();
  const form = useImport(workspace, asset, source);
  const { stores, once, repeat, cron } = form;
  if (form.known && stores.length === 0)
    return (
      <Text size="sm">
        No database is connected yet.{" "}
        <TextLink to="/w/$workspace/data/new/datastore" params={{ workspace }} inherit underline="always">
          Connect one
        </TextLink>
        : PostgreSQL, MySQL, SQL Server, SQLite.
      </Text>
    );
  const made = madeOf(once.job);
  const [madeName, madeVersion] = nameAndVersion(made ?? "");
  const error = once.start.error ?? repeat.error;
  return (
    <Stack gap="md">
      {source === undefined && <Select label="Database" data={stores.map((each) => each.name)} value={form.store} allowDeselect={false} onChange={form.setStore} />}
      {source?.table === undefined ? (
        <Textarea label="Statement" autosize minRows={4} maxRows={12} styles={MONO} value={form.query} onChange={(event) => form.setQuery(event.currentTarget.value)} />
      ) : (
        <Text size="sm">
          All rows of <code>{source.table}</code> of {source.store}, as Parquet.
        </Text>
      )}
      <NameInput asset={asset} name={form.name} setName={form.setName} />
      <When cron={cron} setCron={form.setCron} />
      {error && <ErrorPanel error={error} />}
      {once.job && <JobPanel job={once.job} workspace={workspace} streamProblem={once.problem} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {once.job ? "Close" : "Cancel"}
        </Button>
        {made === null ? (
          <GuardedButton off={once.going ? "It is being imported." : form.whole ? null : "Fill in a database, what to ask, a name and a time that can be read."} loading={once.start.isPending || repeat.isPending} onClick={() => (cron === null ? once.start.mutate() : repeat.mutate())}>
            {cron === null ? "Import" : "Schedule"}
          </GuardedButton>
        ) : (
          <ButtonLink to="/w/$workspace/data/$name" params={{ workspace, name: madeName }} search={{ version: madeVersion } as never}>{`Open ${madeName} ${madeVersion}`}</ButtonLink>
        )}
      </Group>
    </Stack>
  );
}

/** The same in a dialog of its own, from a table or a statement that is on the screen. */
export function ImportRowsDialog({ source, onClose }: { readonly source: DatabaseSource; readonly onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} size="xl" title={<Text fw={600}>{`Data asset from ${source.store}`}</Text>}>
      <FromDatabase asset={undefined} source={source} onClose={onClose} />
    </Modal>
  );
}
