import { Group, Progress, Stack, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import "@mantine/dropzone/styles.css";
import { IconFolderUp, IconUpload } from "@tabler/icons-react";
import { useRef } from "react";
import type { PathFile } from "@/api/parts";
import { chosenFiles } from "@/lib/files";
import { formatBytes, formatNumber } from "@/lib/format";
import { GuardedButton } from "./GuardedButton";

/** How many bytes files have together. */
export function sizeOf(files: readonly PathFile[]): number {
  return files.reduce((sum, { file }) => sum + file.size, 0);
}

function Chosen({ files, single }: { readonly files: readonly PathFile[]; readonly single: boolean }) {
  const [first] = files;
  if (!first) return <Text size="sm">{single ? "Drop a file here, or" : "Drop files or a folder here, or"}</Text>;
  return (
    <Text size="sm" ta="center" role="status" style={{ overflowWrap: "anywhere" }}>
      {files.length === 1 ? first.path : `${formatNumber(files.length)} files: ${files.slice(0, 3).map(({ path }) => path).join(", ")}${files.length > 3 ? ", …" : ""}`}{" "}
      <span style={{ color: "var(--mantine-color-dimmed)" }}>{formatBytes(sizeOf(files))}</span>
    </Text>
  );
}

interface FilesFieldProps {
  readonly files: readonly PathFile[];
  readonly off: boolean;
  /** What files are for. */
  readonly hint: string;
  /** One file is wanted, and no folder. */
  readonly single?: boolean;
  readonly onFiles: (files: readonly PathFile[]) => void;
}

/** A place to drop files or a folder on, or to choose them. */
export function FilesField({ files, off, hint, single = false, onFiles }: FilesFieldProps) {
  const choose = useRef<() => void>(null);
  const folder = useRef<HTMLInputElement>(null);
  return (
    <Dropzone multiple={!single} onDrop={(dropped) => onFiles(chosenFiles(dropped))} disabled={off} openRef={choose} activateOnClick={false} activateOnKeyboard={false} inputProps={{ "aria-label": "Files" }} p="lg">
      <Stack gap={8} align="center">
        <Chosen files={files} single={single} />
        <Group gap="xs">
          <GuardedButton variant="default" size="compact-md" off={off ? "Its files are being sent." : null} leftSection={<IconUpload size={15} />} onClick={() => choose.current?.()}>
            {single ? "Choose a file" : "Choose files"}
          </GuardedButton>
          {!single && (
            <GuardedButton variant="default" size="compact-md" off={off ? "Its files are being sent." : null} leftSection={<IconFolderUp size={15} />} onClick={() => folder.current?.click()}>
              Choose a folder
            </GuardedButton>
          )}
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
          {hint}
        </Text>
      </Stack>
    </Dropzone>
  );
}

/** How much of an upload is sent. */
export function Sent({ sent, size }: { readonly sent: number; readonly size: number }) {
  return (
    <Stack gap={4}>
      <Progress value={size === 0 ? 100 : (sent / size) * 100} aria-label="Share sent" />
      <Text size="xs" c="dimmed" className="fy-num">
        {formatBytes(sent)} of {formatBytes(size)}
      </Text>
    </Stack>
  );
}
