import { Button, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { data } from "@/api/data";
import type { PathFile } from "@/api/parts";
import { nameOfAll } from "@/lib/files";
import { nameFor, nameProblem } from "@/lib/names";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { FilesField, Sent, sizeOf } from "@/ui/FilesField";
import { GuardedButton } from "@/ui/GuardedButton";

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
          hint="Files with rows (.jsonl, .csv, .tsv, .json, .parquet) can feed runs; several files, a folder or a .zip become a folder."
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
          <GuardedButton type="submit" off={files.length === 0 ? "Choose files first." : nameProblem(name)} loading={create.isPending}>
            {create.isError ? "Go on" : asset === undefined ? "Create" : "Add version"}
          </GuardedButton>
        </Group>
      </Stack>
    </form>
  );
}
