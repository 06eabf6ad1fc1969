import { Button, Group, Progress, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import "@mantine/dropzone/styles.css";
import { IconFolderUp, IconUpload } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { data } from "@/api/data";
import type { PathFile } from "@/api/parts";
import { formatBytes, formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { nameFor, nameProblem } from "../logic/origin";
import { chosenFiles, nameOfAll } from "../logic/paths";

function sizeOf(files: readonly PathFile[]): number {
  return files.reduce((sum, { file }) => sum + file.size, 0);
}

function Chosen({ files }: { readonly files: readonly PathFile[] }) {
  const [first] = files;
  if (!first) return <Text size="sm">Drop files or a folder here, or</Text>;
  return (
    <Text size="sm" ta="center" role="status" style={{ overflowWrap: "anywhere" }}>
      {files.length === 1 ? first.path : `${formatNumber(files.length)} files: ${files.slice(0, 3).map(({ path }) => path).join(", ")}${files.length > 3 ? ", …" : ""}`}{" "}
      <span style={{ color: "var(--mantine-color-dimmed)" }}>{formatBytes(sizeOf(files))}</span>
    </Text>
  );
}

function FilesField({ files, off, onFiles }: { readonly files: readonly PathFile[]; readonly off: boolean; readonly onFiles: (files: readonly PathFile[]) => void }) {
  const choose = useRef<() => void>(null);
  const folder = useRef<HTMLInputElement>(null);
  return (
    <Dropzone onDrop={(dropped) => onFiles(chosenFiles(dropped))} disabled={off} openRef={choose} activateOnClick={false} activateOnKeyboard={false} inputProps={{ "aria-label": "Files" }} p="lg">
      <Stack gap={8} align="center">
        <Chosen files={files} />
        <Group gap="xs">
          <Button variant="default" size="compact-md" disabled={off} leftSection={<IconUpload size={15} />} onClick={() => choose.current?.()}>
            Choose files
          </Button>
          <Button variant="default" size="compact-md" disabled={off} leftSection={<IconFolderUp size={15} />} onClick={() => folder.current?.click()}>
            Choose a folder
          </Button>
        </Group>
        <input
          ref={folder}
          type="file"
          hidden
          aria-label="Folder"
          {...{ webkitdirectory: "" }}
          onChange={(event) => {
            onFiles(chosenFiles([...(event.currentTarget.files ?? [])]));
            event.currentTarget.value = "";
          }}
        />
        <Text size="xs" c="dimmed" ta="center">
          Files with rows (.jsonl, .csv, .tsv, .json, .parquet) can feed runs; several files, a folder or a .zip become a folder.
        </Text>
      </Stack>
    </Dropzone>
  );
}

function Sent({ sent, size }: { readonly sent: number; readonly size: number }) {
  return (
    <Stack gap={4}>
      <Progress value={size === 0 ? 100 : (sent / size) * 100} aria-label="Share sent" />
      <Text size="xs" c="dimmed" className="fy-num">
        {formatBytes(sent)} of {formatBytes(size)}
      </Text>
    </Stack>
  );
}

function Failed({ error }: { readonly error: Error }) {
  const stopped = error instanceof DOMException && error.name === "AbortError";
  return (
    <>
      {!stopped && <ErrorPanel error={error} />}
      <Text size="sm" role="status">
        {stopped ? "Stopped. " : ""}What came is kept for a day: the same files go on from there.
      </Text>
    </>
  );
}

interface UploadFormProps {
  /** The asset that gets another version; without it a new one is made. */
  readonly asset: string | undefined;
  readonly onClose: () => void;
}

/** Uploads files as a new asset, or as the next version of one; what broke off goes on where it was. */
export function UploadForm({ asset, onClose }: UploadFormProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [files, setFiles] = useState<readonly PathFile[]>([]);
  const [typed, setTyped] = useState<string | null>(null);
  const [description, setDescription] = useState("");
  const [sent, setSent] = useState(0);
  const stopper = useRef<AbortController>(undefined);
  useEffect(() => () => stopper.current?.abort(), []);
  const name = asset ?? typed ?? nameFor(nameOfAll(files));
  const problem = name === "" && typed === null ? null : nameProblem(name);
  const create = useMutation({
    mutationFn: () => {
      const control = new AbortController();
      stopper.current = control;
      return data.create(workspace, files, { name, ...(description === "" ? {} : { description }) }, setSent, control.signal);
    },
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["data", workspace] });
      onClose();
      await navigate({ to: "/w/$workspace/data/$name", params: { workspace, name: made.name } });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (files.length > 0 && nameProblem(name) === null) create.mutate();
      }}
    >
      <Stack gap="md">
        <FilesField
          files={files}
          off={create.isPending}
          onFiles={(next) => {
            setFiles(next);
            create.reset();
          }}
        />
        {asset === undefined && <TextInput label="Name" description="Runs name it azureml:<name>:<version>." value={name} error={problem} onChange={(event) => setTyped(event.currentTarget.value)} />}
        <Textarea label="Description" placeholder="Optional" autosize minRows={2} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
        {create.isPending && <Sent sent={sent} size={sizeOf(files)} />}
        {create.error && <Failed error={create.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => (create.isPending ? stopper.current?.abort() : onClose())}>
            {create.isPending ? "Stop" : "Cancel"}
          </Button>
          <Button type="submit" disabled={files.length === 0 || nameProblem(name) !== null} loading={create.isPending}>
            {create.isError ? "Go on" : asset === undefined ? "Create" : "Add version"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
