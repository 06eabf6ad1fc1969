import { Button, CloseButton, Group, Progress, Stack, Text } from "@mantine/core";
import { IconDatabasePlus, IconDownload, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { datastores } from "@/api/datastores";
import type { StoredFile } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatBytes } from "@/lib/format";
import { saveFile } from "@/lib/saveFile";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { CopyButton } from "@/ui/CopyButton";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { KeyValue } from "@/ui/KeyValue";
import { Loaded } from "@/ui/Loaded";
import { Panel, Section } from "@/ui/Panel";
import { DetailSkeleton } from "@/ui/Skeletons";
import { asText, uriOf } from "../logic/paths";
import { baseName } from "@/lib/files";
import { duckdbFor, pythonFor } from "../logic/snippets";
import classes from "./Data.module.css";
import { DataLook } from "./DataLook";

const PEEK_BYTES = 16 * 1024;
/** What is looked into as rows. */
const ROWS = /\.(parquet|csv|tsv|jsonl|ndjson|json)$/i;
/** Files above go by the command line, which needs no memory for them. */
const DOWNLOAD_BYTES = 1024 ** 3;

function Peek({ store, file }: { readonly store: string; readonly file: StoredFile }) {
  const workspace = useWorkspace();
  const query = useQuery(datastores.head(workspace, store, file.path, PEEK_BYTES));
  return (
    <Loaded query={query} skeleton={<DetailSkeleton />}>
      {(bytes) => {
        const text = asText(bytes, file.path);
        if (text === null) return <Text size="sm" c="dimmed">This is no text. Make a data asset of it to see its rows, or download it.</Text>;
        if (text === "") return <Text size="sm" c="dimmed">The file is empty.</Text>;
        return (
          <>
            <pre className={classes.peek} tabIndex={0} aria-label="The file's beginning">
              {text}
            </pre>
            {typeof file.bytes === "number" && file.bytes > bytes.length && (
              <Text size="xs" c="dimmed">
                The first {formatBytes(bytes.length)} of {formatBytes(file.bytes)}.
              </Text>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function useDownload(store: string, file: StoredFile) {
  const workspace = useWorkspace();
  const [read, setRead] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const control = useRef<AbortController>(undefined);
  useEffect(() => () => control.current?.abort(), []);
  const start = async () => {
    const stop = new AbortController();
    control.current = stop;
    setError(null);
    setRead(0);
    try {
      saveFile(await datastores.download(workspace, store, file.path, setRead, stop.signal), baseName(file.path));
    } catch (failure) {
      if (!stop.signal.aborted) setError(failure);
    } finally {
      setRead(null);
    }
  };
  return { read, error, start, stop: () => control.current?.abort() };
}

function Download({ store, file }: { readonly store: string; readonly file: StoredFile }) {
  const { read, error, start, stop } = useDownload(store, file);
  const uri = uriOf(store, file.path, "file");
  if ((file.bytes ?? 0) > DOWNLOAD_BYTES) return <CodeBlock wrap code={`flowyard datastore cat '${uri}' > '${baseName(file.path)}'`} label="Copy command" />;
  return (
    <Stack gap={6}>
      {read === null ? (
        <Button variant="default" leftSection={<IconDownload size={15} />} onClick={() => void start()}>
          Download
        </Button>
      ) : (
        <Group gap="sm" wrap="nowrap">
          <Progress style={{ flex: 1 }} size={6} value={file.bytes ? (read / file.bytes) * 100 : 100} aria-label="Share downloaded" />
          <Text size="xs" c="dimmed" className="fy-num">
            {formatBytes(read)}
          </Text>
          <Button size="compact-sm" variant="default" leftSection={<IconX size={13} />} onClick={stop}>
            Cancel
          </Button>
        </Group>
      )}
      {error !== null && <ErrorPanel error={error} />}
    </Stack>
  );
}

interface FilePanelProps {
  readonly store: string;
  readonly file: StoredFile;
  readonly onClose: () => void;
  readonly onAsset: () => void;
}

/** A file of a datastore: its facts, its beginning, and what can be done with it. */
export function FilePanel({ store, file, onClose, onAsset }: FilePanelProps) {
  const workspace = useWorkspace();
  const off = whyReadOnly(useRights(workspace));
  const uri = uriOf(store, file.path, "file");
  const duckdb = duckdbFor(uri);
  return (
    <Panel
      head={
        <>
          <Text fw={600} size="sm" className="fy-truncate" title={file.path} style={{ flex: 1 }}>
            {baseName(file.path)}
          </Text>
          <CloseButton aria-label="Close the file" onClick={onClose} />
        </>
      }
    >
      <Group gap="sm">
        <GuardedButton off={off} leftSection={<IconDatabasePlus size={15} />} onClick={onAsset}>
          Make a data asset
        </GuardedButton>
        <Download key={file.path} store={store} file={file} />
      </Group>
      <KeyValue
        entries={[
          ["Size", typeof file.bytes === "number" ? formatBytes(file.bytes) : null],
          ["Changed", file.modified_at && <RelativeTime value={file.modified_at} />],
          ["ETag", file.etag],
          [
            "URI",
            <Group key="uri" gap={2} wrap="nowrap" align="flex-start">
              <span style={{ overflowWrap: "anywhere" }}>{uri}</span>
              <CopyButton value={uri} label="Copy URI" />
            </Group>,
          ],
        ]}
      />
      <Section title="Beginning">
        {ROWS.test(file.path) ? (
          <div style={{ height: 400 }}>
            <DataLook key={file.path} source={{ uri }} />
          </div>
        ) : (
          <Peek key={file.path} store={store} file={file} />
        )}
      </Section>
      <Section title="Open in Python">
        <CodeBlock code={pythonFor(uri)} label="Copy code" wrap />
        {duckdb !== null && <CodeBlock code={duckdb} label="Copy code for DuckDB" wrap />}
      </Section>
    </Panel>
  );
}
