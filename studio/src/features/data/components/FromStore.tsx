import { Button, Group, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { data } from "@/api/data";
import { datastores } from "@/api/datastores";
import type { Job, StoredFile } from "@/api/types";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { JobPanel } from "@/ui/JobPanel";
import { ButtonLink, TextLink } from "@/ui/links";
import { useStartedJob } from "../hooks/useStartedJob";
import { madeBy } from "../hooks/useTransform";
import { nameFor, nameProblem } from "../logic/origin";
import { baseName, uriOf } from "../logic/paths";
import { nameAndVersion } from "../logic/splits";
import { isDatabase } from "../logic/stores";
import { FileBrowser } from "./FileBrowser";

interface SourceProps {
  readonly asset: string | undefined;
  readonly onClose: () => void;
}

function NameInput({ asset, name, setName }: { readonly asset: string | undefined; readonly name: string; readonly setName: (name: string) => void }) {
  if (asset !== undefined) return null;
  return <TextInput label="Name" description="Runs name it azureml:<name>:<version>." value={name} error={name === "" ? null : nameProblem(name)} onChange={(event) => setName(event.currentTarget.value)} />;
}

/** The datastores with tables, or those with files. */
function useStores(workspace: string, databases: boolean) {
  const list = useQuery(datastores.list(workspace));
  return { stores: (list.data?.items ?? []).filter((store) => isDatabase(store) === databases), known: list.isSuccess };
}

function isWhole(query: string, name: string): boolean {
  return query.trim().length >= 8 && nameProblem(name) === null;
}

/** The version that an import made, once it has. */
function madeOf(job: Job | undefined): string | null {
  return job?.status === "completed" ? madeBy(job.result) : null;
}

/** A version of a file or folder of a datastore, without a copy. */
export function FromFiles({ asset, onClose }: SourceProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { stores } = useStores(workspace, false);
  const [chosen, setStore] = useState<string | null>(null);
  const [path, setPath] = useState("");
  const [file, setFile] = useState<StoredFile | null>(null);
  const [typed, setName] = useState<string | null>(null);
  const store = chosen ?? stores[0]?.name ?? "";
  const uri = file ? uriOf(store, file.path, "file") : uriOf(store, path, "folder");
  const name = asset ?? typed ?? nameFor(baseName(file?.path ?? path) || store);
  const create = useMutation({
    mutationFn: () => data.bookmark(workspace, uri, { name }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["data", workspace] });
      onClose();
      await navigate({ to: "/w/$workspace/data/$name", params: { workspace, name: made.name } });
    },
  });
  const go = (next: string) => {
    setFile(null);
    setPath(next);
  };
  return (
    <Stack gap="md">
      <Select
        label="Datastore"
        data={stores.map((each) => each.name)}
        value={store}
        allowDeselect={false}
        onChange={(next) => {
          setStore(next);
          go("");
        }}
      />
      {store !== "" && (
        <div style={{ height: 300, border: "1px solid var(--fy-border)", borderRadius: 6, overflow: "hidden" }}>
          <FileBrowser key={store} store={store} path={path} onGo={go} onFile={setFile} openPath={file?.path ?? null} />
        </div>
      )}
      <Text size="xs" ff="monospace" style={{ overflowWrap: "anywhere" }} role="status">
        {uri}
      </Text>
      <NameInput asset={asset} name={name} setName={setName} />
      {create.error && <ErrorPanel error={create.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button disabled={store === "" || nameProblem(name) !== null} loading={create.isPending} onClick={() => create.mutate()}>
          Create
        </Button>
      </Group>
    </Stack>
  );
}

/** A version of what a database answers, as Parquet. */
export function FromDatabase({ asset, onClose }: SourceProps) {
  const workspace = useWorkspace();
  const { stores, known } = useStores(workspace, true);
  const [chosen, setStore] = useState<string | null>(null);
  const [query, setQuery] = useState("SELECT * FROM ");
  const [typed, setName] = useState("");
  const store = chosen ?? stores[0]?.name ?? "";
  const name = asset ?? typed;
  const { start, job, problem, going } = useStartedJob(workspace, () => data.importRows(workspace, { name, datastore: store, query, tags: {} }));
  const made = madeOf(job);
  if (known && stores.length === 0)
    return (
      <Text size="sm">
        No database is connected yet.{" "}
        <TextLink to="/w/$workspace/data/new/datastore" params={{ workspace }} inherit underline="always">
          Connect one
        </TextLink>
        : PostgreSQL, MySQL, SQL Server, SQLite.
      </Text>
    );
  const [madeName, madeVersion] = nameAndVersion(made ?? "");
  return (
    <Stack gap="md">
      <Select label="Database" data={stores.map((each) => each.name)} value={store} allowDeselect={false} onChange={setStore} />
      <Textarea label="Statement" autosize minRows={4} maxRows={12} styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } }} value={query} onChange={(event) => setQuery(event.currentTarget.value)} />
      <NameInput asset={asset} name={name} setName={setName} />
      {start.error && <ErrorPanel error={start.error} />}
      {job && <JobPanel job={job} workspace={workspace} streamProblem={problem} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {job ? "Close" : "Cancel"}
        </Button>
        {made === null ? (
          <Button disabled={store === "" || going || !isWhole(query, name)} loading={start.isPending} onClick={() => start.mutate()}>
            Import
          </Button>
        ) : (
          <ButtonLink to="/w/$workspace/data/$name" params={{ workspace, name: madeName }} search={{ version: madeVersion } as never}>{`Open ${madeName} ${madeVersion}`}</ButtonLink>
        )}
      </Group>
    </Stack>
  );
}
