import { Button, Checkbox, CloseButton, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { IconFileTypography, IconUpload } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { data } from "@/api/data";
import { isRunning, runs } from "@/api/runs";
import { formatBytes, formatNumber } from "@/lib/format";
import { DATA_SUFFIXES, isData } from "@/lib/rows";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import type { RunDraft } from "../hooks/useRunDraft";
import { doneOf } from "../logic/progress";
import classes from "./NewRun.module.css";
import { PreviewTable } from "./PreviewTable";
import { TracesPicker } from "./TracesPicker";

const MOST_BYTES = 512 * 1024 * 1024;

function FilePicker({ draft }: { readonly draft: RunDraft }) {
  const choose = useRef<() => void>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const take = (files: readonly File[]): void => {
    const [file] = files;
    if (!file) return;
    if (files.length > 1) setRefused("Choose one file; pack several into a .zip of their folder.");
    else if (!isData(file.name)) setRefused(`${file.name} holds no rows that can be read: choose ${DATA_SUFFIXES.join(", ")}.`);
    else if (file.size > MOST_BYTES) setRefused(`${file.name} has ${formatBytes(file.size)}; an upload takes at most ${formatBytes(MOST_BYTES)}.`);
    else {
      setRefused(null);
      draft.setFile(file);
    }
  };
  if (draft.file) {
    return (
      <Stack gap={8}>
        <Group gap={8} wrap="nowrap">
          <IconFileTypography size={17} aria-hidden />
          <Text size="sm" fw={500} className="fy-truncate" title={draft.file.name}>
            {draft.file.name}
          </Text>
          <Text size="xs" c="dimmed">
            {formatBytes(draft.file.size)}
          </Text>
          <CloseButton
            aria-label="Take the file away"
            onClick={() => {
              draft.setFile(null);
            }}
          />
        </Group>
        {draft.preview && <PreviewTable preview={draft.preview} />}
      </Stack>
    );
  }
  return (
    <Stack gap={8}>
      <Dropzone
        onDrop={take}
        onReject={() => {
          setRefused("Choose one file; pack several into a .zip of their folder.");
        }}
        multiple={false}
        openRef={choose}
        activateOnClick={false}
        activateOnKeyboard={false}
        className={classes.drop}
        inputProps={{ "aria-label": "Data file" }}
      >
        <Stack gap={8} align="center">
          <Text size="sm">Drop a file here, or</Text>
          <Button
            variant="default"
            size="compact-md"
            leftSection={<IconUpload size={15} />}
            onClick={() => {
              choose.current?.();
            }}
          >
            Choose a file
          </Button>
          <Text size="xs" c="dimmed" ta="center">
            {DATA_SUFFIXES.slice(0, -1).join(", ")}, or a .zip of a folder with images beside its rows
          </Text>
        </Stack>
      </Dropzone>
      {refused !== null && (
        <Text size="sm" c="var(--fy-bad)" role="alert">
          {refused}
        </Text>
      )}
    </Stack>
  );
}

function AssetPicker({ draft }: { readonly draft: RunDraft }) {
  const workspace = useWorkspace();
  const list = useQuery(data.list(workspace));
  const options = (list.data?.items ?? []).map((asset) => ({ value: asset.reference, label: `${asset.name} ${asset.version}${asset.rows === null ? "" : `, ${formatNumber(asset.rows)} rows`}` }));
  const known = draft.asset === "" || options.some((option) => option.value === draft.asset);
  return (
    <Stack gap={8}>
      <Select
        aria-label="Data asset"
        placeholder="Choose a data asset"
        searchable
        data={known ? options : [{ value: draft.asset, label: draft.asset.replace("azureml:", "") }, ...options]}
        value={draft.asset === "" ? null : draft.asset}
        nothingFoundMessage="There is no such data asset."
        onChange={draft.setAsset}
      />
      {draft.assetError && <ErrorPanel error={draft.assetError} />}
      {draft.asset !== "" && draft.preview && <PreviewTable preview={draft.preview} />}
    </Stack>
  );
}

function RunPicker({ draft }: { readonly draft: RunDraft }) {
  const workspace = useWorkspace();
  const list = useInfiniteQuery(runs.pages(workspace, {}));
  const ended = (list.data?.pages.flatMap((page) => page.items) ?? []).filter((run) => !isRunning(run));
  const options = ended.map((run) => ({ value: run.name, label: `${run.display_name ?? run.name} (${run.flow}, ${formatNumber(doneOf(run.counts).completed)} rows)` }));
  const known = options.some((option) => option.value === draft.runName);
  return (
    <Stack gap={8}>
      <Select
        label="Run"
        description="Its completed rows are read; it does not run again."
        searchable
        data={known || draft.runName === "" ? options : [{ value: draft.runName, label: draft.runName }, ...options]}
        value={draft.runName === "" ? null : draft.runName}
        nothingFoundMessage="No run has ended yet."
        onChange={draft.setRun}
      />
      {draft.other.error && draft.runName !== "" && <ErrorPanel error={draft.other.error} />}
      {draft.run?.data && !draft.file && (
        <Checkbox
          label="Its data too, for columns that its flow did not take: ground truth, for instance"
          checked={draft.useRunData}
          onChange={(event) => {
            draft.setUseRunData(event.currentTarget.checked);
          }}
        />
      )}
      {!draft.useRunData && (
        <div>
          <Text size="sm" fw={500} mb={4}>
            Data beside it (optional)
          </Text>
          <FilePicker draft={draft} />
        </div>
      )}
    </Stack>
  );
}

const KINDS = [
  { value: "file", label: "A file" },
  { value: "asset", label: "A data asset" },
  { value: "traces", label: "Traces" },
  { value: "run", label: "Outputs of a run" },
];

/** Where the rows come from: a file, a data asset, traces, of which one is made, or another run's outputs, with data or without. */
export function DataStep({ draft }: { readonly draft: RunDraft }) {
  const chosen = draft.runName === "" ? (draft.asset === "" ? "file" : "asset") : "run";
  const [kind, setKind] = useUrlState("from", chosen);
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Where the rows come from"
        w="fit-content"
        data={KINDS}
        value={kind}
        onChange={(next) => {
          setKind(next);
          if (next !== "run") {
            draft.setRun(null);
            draft.setUseRunData(false);
          }
          draft.setAsset(null);
        }}
      />
      {kind === "file" && <FilePicker draft={draft} />}
      {kind === "asset" && <AssetPicker draft={draft} />}
      {kind === "traces" && <TracesPicker draft={draft} />}
      {kind === "run" && <RunPicker draft={draft} />}
    </Stack>
  );
}
