import { Button, Popover, SegmentedControl, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconHistory, IconRestore, IconTag } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { flows } from "@/api/flows";
import type { FlowVersion } from "@/api/types";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { MergeView } from "@/ui/MergeView";
import { useFlow } from "../hooks/useFlowDocument";
import classes from "./HistoryTab.module.css";

const MOST_NAMES = 2;

function whatChanged(version: FlowVersion): string {
  const names = (version.changes ?? []).map(({ path, change }) => (change === "changed" ? path : `${path} ${change}`));
  if (names.length === 0) return "no file differs";
  return names.length > MOST_NAMES + 1 ? `${names.slice(0, MOST_NAMES).join(", ")} and ${names.length - MOST_NAMES} more` : names.join(", ");
}

interface ListProps {
  readonly versions: readonly FlowVersion[];
  readonly shown: FlowVersion;
  readonly onShow: (version: string) => void;
}

function VersionList({ versions, shown, onShow }: ListProps) {
  return (
    <ol className={classes.list} aria-label="Versions, the newest first">
      {versions.map((version, index) => (
        <li key={version.id}>
          <UnstyledButton className={classes.version} aria-current={version.id === shown.id} onClick={() => onShow(version.id)}>
            <Text size="sm" fw={600} className="fy-truncate" title={version.name ?? undefined}>
              {version.name ?? <RelativeTime value={version.changed_at} />}
              {index === 0 && <span style={{ color: "var(--mantine-color-dimmed)", fontWeight: 400 }}> · current</span>}
            </Text>
            <Text size="xs" c="dimmed" className="fy-truncate">
              {version.author ?? "on disk"}
              {version.restored_from && " · brought back"}
              {version.name && (
                <>
                  {" · "}
                  <RelativeTime value={version.changed_at} />
                </>
              )}
            </Text>
            <Text size="xs" className="fy-truncate" title={whatChanged(version)}>
              {whatChanged(version)}
            </Text>
          </UnstyledButton>
        </li>
      ))}
    </ol>
  );
}

function NameVersion({ flow, version }: { readonly flow: string; readonly version: FlowVersion }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const { readOnly } = useFlow();
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState(version.name ?? "");
  const save = useMutation({
    mutationFn: () => flows.nameVersion(workspace, flow, version.id, name.trim() === "" ? null : name.trim()),
    onSuccess: () => {
      setOpened(false);
      return client.invalidateQueries({ queryKey: flows.history(workspace, flow).queryKey });
    },
  });
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus width={300} withRoles={false}>
      <Popover.Target>
        <span>
          <GuardedButton size="compact-md" variant="default" leftSection={<IconTag size={15} />} off={readOnly} onClick={() => setOpened(!opened)}>
            {version.name ? "Rename version" : "Name version"}
          </GuardedButton>
        </span>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label="Name of the version">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <Stack gap="sm">
            <TextInput label="Name" description="A version with a name is kept for good. Empty takes the name away." maxLength={100} value={name} data-autofocus onChange={(event) => setName(event.currentTarget.value)} />
            {save.error && <ErrorPanel error={save.error} />}
            <Button type="submit" size="compact-md" loading={save.isPending}>
              Save name
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function Restore({ flow, version, isNow }: { readonly flow: string; readonly version: FlowVersion; readonly isNow: boolean }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const document = useFlow();
  const restore = useMutation({
    mutationFn: async () => {
      await document.save();
      return flows.restore(workspace, flow, version.id);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: flows.history(workspace, flow).queryKey }),
  });
  return (
    <>
      <GuardedButton
        size="compact-md"
        leftSection={<IconRestore size={15} />}
        off={document.readOnly ?? (isNow ? "This is what is there now." : document.status === "conflict" ? "Settle the conflict first, under Files." : null)}
        loading={restore.isPending}
        onClick={() => restore.mutate()}
      >
        Bring back
      </GuardedButton>
      {restore.error && <ErrorPanel error={restore.error} />}
    </>
  );
}

function Differences({ flow, version, isNow }: { readonly flow: string; readonly version: FlowVersion; readonly isNow: boolean }) {
  const workspace = useWorkspace();
  const [against, setAgainst] = useUrlState("against", "previous");
  const compared = isNow ? "previous" : against;
  const diff = useQuery(flows.diff(workspace, flow, version.id, compared));
  const [chosen, choose] = useUrlState("of");
  return (
    <div className={classes.side}>
      <div className={classes.head}>
        <SegmentedControl
          size="xs"
          aria-label="Compared with"
          disabled={isNow}
          data={[
            { value: "previous", label: "What it changed" },
            { value: "current", label: "Changes since" },
          ]}
          value={compared}
          onChange={setAgainst}
        />
        <span style={{ flex: 1 }} />
        <NameVersion key={version.id} flow={flow} version={version} />
        <Restore flow={flow} version={version} isNow={isNow} />
      </div>
      <Loaded query={diff}>
        {({ files = [] }) => {
          const file = files.find((each) => each.path === chosen) ?? files[0];
          if (!file)
            return (
              <Text c="dimmed" size="sm" p="md">
                No file differs.
              </Text>
            );
          const noText = (file.before ?? null) === null && (file.after ?? null) === null;
          return (
            <>
              <div className={classes.files} role="group" aria-label="Files that differ">
                {files.map((each) => (
                  <button key={each.path} type="button" className={classes.file} aria-pressed={each.path === file.path} onClick={() => choose(each.path)}>
                    {each.path}
                    {each.change !== "changed" && ` ${each.change}`}
                  </button>
                ))}
              </div>
              <div className={classes.text}>
                {noText ? (
                  <Text c="dimmed" size="sm" p="md">
                    {file.path} was {file.change}. It is no text, or too large to be shown.
                  </Text>
                ) : (
                  <MergeView
                    key={`${version.id} ${compared} ${file.path}`}
                    path={file.path}
                    theirs={file.before ?? ""}
                    mine={file.after ?? ""}
                    theirsLabel={compared === "previous" ? "Before" : "This version"}
                    mineLabel={compared === "previous" ? "This version" : "Now"}
                  />
                )}
              </div>
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

/** The versions of a flow: who changed which files, what differs, and the way back. */
export function HistoryTab({ flow }: { readonly flow: string }) {
  const workspace = useWorkspace();
  const query = useQuery(flows.history(workspace, flow));
  const [wanted, want] = useUrlState("version");
  return (
    <Loaded query={query}>
      {({ items }) => {
        const [newest] = items;
        const shown = items.find((version) => version.id === wanted) ?? newest;
        if (!newest || !shown) return <EmptyState icon={IconHistory} title="No versions yet" text="Every edit of the flow becomes a version, made here or on disk." />;
        return (
          <div className={classes.frame}>
            <VersionList versions={items} shown={shown} onShow={want} />
            <Differences flow={flow} version={shown} isNow={shown.id === newest.id} />
          </div>
        );
      }}
    </Loaded>
  );
}
