import { Button, FileInput, Group, Modal, SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { connections } from "@/api/connections";
import { isActive, jobs } from "@/api/jobs";
import { models } from "@/api/models";
import { runs } from "@/api/runs";
import type { Job, ModelImportCreate } from "@/api/types";
import { useJob } from "@/api/useJob";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { GuardedButton } from "@/ui/GuardedButton";
import { JobPanel } from "@/ui/JobPanel";
import { ButtonLink } from "@/ui/links";
import { hubProblem, sourceOf, type ImportFrom } from "../logic/importing";

const WORKS_ON = ["models"] as const;

interface Besides {
  readonly name: string;
  readonly only: string;
  readonly license: string;
  readonly token: string | null;
}

/** The request: what was left empty is not sent. */
function orderOf(source: string, { name, only, license, token }: Besides): ModelImportCreate {
  return { source, ...(name ? { name } : {}), ...(only ? { files: [only] } : {}), ...(license ? { license } : {}), ...(token ? { connection: token } : {}) };
}

function isWhole(from: ImportFrom, file: File | null, place: string, wrong: string | null): boolean {
  return from === "file" ? file !== null : place.trim() !== "" && wrong === null;
}

/** A connection with a token for the hub. */
function TokenField({ value, onChange }: { readonly value: string | null; readonly onChange: (value: string | null) => void }) {
  const list = useQuery(connections.list(useWorkspace()));
  const custom = (list.data?.items ?? []).filter(({ type }) => type === "custom").map((each) => each.name);
  return <Select label="Token" description="A connection of type custom with the secret token, for gated repositories." placeholder="None" clearable data={custom} value={value} onChange={onChange} />;
}

interface Place {
  readonly from: ImportFrom;
  readonly place: string;
  readonly file: File | null;
}

interface ImportFormProps {
  readonly onStarted: (job: Job) => void;
  readonly onClose: () => void;
}

function PlaceField({ value: { from, place, file }, wrong, change }: { readonly value: Place; readonly wrong: string | null; readonly change: (value: Partial<Place>) => void }) {
  if (from === "file") return <FileInput label="File" withAsterisk placeholder="A .gguf file, or a .zip of a folder (safetensors, MLflow)" accept=".gguf,.zip" value={file} onChange={(next) => change({ file: next })} />;
  if (from === "folder")
    return <TextInput label="Folder" withAsterisk placeholder="/data/models/my-model" description="Below one that the operator names (FLOWYARD_DATA_ROOTS)." value={place} onChange={(event) => change({ place: event.currentTarget.value })} />;
  return <TextInput label="Id" withAsterisk placeholder="organization/name, or organization/name@revision" error={wrong} value={place} onChange={(event) => change({ place: event.currentTarget.value })} />;
}

function ImportForm({ onStarted, onClose }: ImportFormProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const [value, setValue] = useState<Place>({ from: "hub", place: "", file: null });
  const [only, setOnly] = useState("");
  const [name, setName] = useState("");
  const [license, setLicense] = useState("");
  const [token, setToken] = useState<string | null>(null);
  const { from, place, file } = value;
  const start = useMutation({
    mutationFn: async () => {
      const source = from === "file" && file ? (await runs.upload(workspace, file)).reference : sourceOf(from, place);
      return models.import(workspace, orderOf(source, { name, only: only.trim(), license, token }));
    },
    onSuccess: async (job) => {
      client.setQueryData(jobs.get(workspace, job.id).queryKey, job);
      onStarted(job);
      await client.invalidateQueries({ queryKey: jobs.list(workspace).queryKey });
    },
  });
  const wrong = from === "hub" && place !== "" ? hubProblem(place) : null;
  const whole = isWhole(from, file, place, wrong);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (whole) start.mutate();
      }}
    >
      <Stack gap="md">
        <SegmentedControl
          aria-label="From where"
          value={from}
          onChange={(next) => setValue({ from: next, place: "", file: null })}
          data={[
            { value: "hub", label: "Hugging Face" },
            { value: "file", label: "A file" },
            { value: "folder", label: "A folder of the server" },
          ]}
        />
        <PlaceField value={value} wrong={wrong} change={(part) => setValue((before) => ({ ...before, ...part }))} />
        {from === "hub" && <TextInput label="Only this file" placeholder="Optional: one GGUF file of the repository" value={only} onChange={(event) => setOnly(event.currentTarget.value)} />}
        <Group gap="md" grow align="flex-start">
          <TextInput label="Name" placeholder="Optional" value={name} onChange={(event) => setName(event.currentTarget.value)} />
          <TextInput label="License" placeholder="Where the source does not say" value={license} onChange={(event) => setLicense(event.currentTarget.value)} />
        </Group>
        {from === "hub" && <TokenField value={token} onChange={setToken} />}
        <Text size="xs" c="dimmed">
          Files that can run code when they are loaded are refused, with the reason. What the source does not say is shown as unknown.
        </Text>
        {start.error && <ErrorPanel error={start.error} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <GuardedButton type="submit" off={whole ? null : (wrong ?? "Say first where its files are.")} loading={start.isPending}>
            Import
          </GuardedButton>
        </Group>
      </Stack>
    </form>
  );
}

/** The model that an import made, once it has. */
function importedBy(job: Job | undefined): string | null {
  const result: unknown = job?.status === "completed" ? job.result : null;
  return typeof result === "object" && result !== null && "model" in result && typeof result.model === "string" ? result.model : null;
}

/** Imports a model: of Hugging Face by its id, of a file, or of a folder of the server; then shows how it goes in place of what was asked. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const workspace = useWorkspace();
  const [started, setStarted] = useState<string | null>(null);
  const { job, problem } = useJob(workspace, started, WORKS_ON);
  const made = importedBy(job);
  const going = job !== undefined && isActive(job);
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Import a model</Text>} size="lg">
      {/* It stays mounted, so that a failed import can be changed and not only repeated. */}
      <div hidden={job !== undefined}>
        <ImportForm onStarted={({ id }) => setStarted(id)} onClose={onClose} />
      </div>
      {job && (
        <Stack gap="md">
          <JobPanel job={job} workspace={workspace} streamProblem={problem} />
          {going && (
            <Text size="sm" c="dimmed">
              It goes on when this is closed; Jobs has it.
            </Text>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            {made === null ? (
              !going && <Button onClick={() => setStarted(null)}>Change it</Button>
            ) : (
              <ButtonLink to="/w/$workspace/models/$name" params={{ workspace, name: made }}>{`Open ${made}`}</ButtonLink>
            )}
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
