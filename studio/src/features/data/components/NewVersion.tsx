import { Button, Group, Modal, SegmentedControl, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import "@mantine/dropzone/styles.css";
import { IconUpload } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { data } from "@/api/data";
import { formatBytes } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { FromDatabase, FromFiles } from "./FromStore";
import { nameFor, nameProblem } from "../logic/origin";

interface NewVersionProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** The asset that gets another version; without it a new one is made. */
  readonly asset?: string;
}

function FileField({ file, onFile }: { readonly file: File | null; readonly onFile: (file: File) => void }) {
  const choose = useRef<() => void>(null);
  return (
    <Dropzone
      onDrop={([first]) => {
        if (first) onFile(first);
      }}
      multiple={false}
      openRef={choose}
      activateOnClick={false}
      activateOnKeyboard={false}
      inputProps={{ "aria-label": "File" }}
      p="lg"
    >
      <Stack gap={8} align="center">
        {file ? (
          <Text size="sm" ta="center">
            {file.name} <span style={{ color: "var(--mantine-color-dimmed)" }}>{formatBytes(file.size)}</span>
          </Text>
        ) : (
          <Text size="sm">Drop a file here, or</Text>
        )}
        <Button
          variant="default"
          size="compact-md"
          leftSection={<IconUpload size={15} />}
          onClick={() => {
            choose.current?.();
          }}
        >
          {file ? "Choose another file" : "Choose a file"}
        </Button>
        <Text size="xs" c="dimmed" ta="center">
          Any file. One with rows (.jsonl, .csv, .tsv, .json, .parquet) can feed runs; a .zip becomes a folder.
        </Text>
      </Stack>
    </Dropzone>
  );
}

/** Uploads a file as a new asset, or as the next version of one. */
export function NewVersion({ opened, onClose, asset }: NewVersionProps) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [file, setFile] = useState<File | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [description, setDescription] = useState("");
  const [from, setFrom] = useState("upload");
  const name = asset ?? typed ?? (file ? nameFor(file.name) : "");
  const problem = name === "" && typed === null ? null : nameProblem(name);
  const close = () => {
    setFile(null);
    setTyped(null);
    setDescription("");
    setFrom("upload");
    create.reset();
    onClose();
  };
  const create = useMutation({
    mutationFn: (chosen: File) => data.create(workspace, chosen, { name, ...(description === "" ? {} : { description }) }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["data", workspace] });
      close();
      await navigate({ to: "/w/$workspace/data/$name", params: { workspace, name: made.name } });
    },
  });
  return (
    <Modal opened={opened} onClose={close} title={asset === undefined ? "New data asset" : `New version of ${asset}`} size={from === "upload" ? "lg" : "xl"}>
      <SegmentedControl
        aria-label="From where"
        mb="md"
        value={from}
        onChange={setFrom}
        data={[
          { value: "upload", label: "Upload" },
          { value: "files", label: "From a datastore" },
          { value: "database", label: "From a database" },
        ]}
      />
      {from === "files" && <FromFiles asset={asset} onClose={close} />}
      {from === "database" && <FromDatabase asset={asset} onClose={close} />}
      {from === "upload" && (
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (file) create.mutate(file);
        }}
      >
        <Stack gap="md">
          <FileField file={file} onFile={setFile} />
          {asset === undefined && (
            <TextInput
              label="Name"
              description="Runs name it azureml:<name>:<version>."
              value={name}
              error={problem}
              onChange={(event) => {
                setTyped(event.currentTarget.value);
              }}
            />
          )}
          <Textarea
            label="Description"
            placeholder="Optional"
            autosize
            minRows={2}
            value={description}
            onChange={(event) => {
              setDescription(event.currentTarget.value);
            }}
          />
          {create.error && <ErrorPanel error={create.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" disabled={!file || nameProblem(name) !== null} loading={create.isPending}>
              {asset === undefined ? "Create" : "Add version"}
            </Button>
          </Group>
        </Stack>
      </form>
      )}
    </Modal>
  );
}
