import { Button, Group, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { accessTags, keys } from "@/api/identity";
import type { ApiKey, ApiKeyCreated } from "@/api/types";
import { useNow } from "@/lib/now";
import { useWorkspace } from "@/lib/workspace";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { Loaded } from "@/ui/Loaded";
import { TableSkeleton } from "@/ui/Skeletons";
import { StatusBadge } from "@/ui/StatusBadge";
import { type AccessTagsOf, useAccessTags } from "../hooks/useAccessTags";
import { AccessTagsField } from "./AccessTagsField";
import { NewKey } from "./NewKey";
import { ShownOnce } from "@/ui/ShownOnce";

function stateOf(key: ApiKey, now: number): "active" | "revoked" | "expired" {
  if (key.revoked_at) return "revoked";
  return key.expires_at && Date.parse(key.expires_at) < now ? "expired" : "active";
}

function columnsOf(now: number, tags: AccessTagsOf, revoke: (key: ApiKey) => void): Column<ApiKey>[] {
  return [
    { id: "name", header: "Name", value: (key) => key.name, cell: (key) => <Text span inherit fw={500}>{key.name}</Text> },
    { id: "state", header: "State", value: (key) => stateOf(key, now), cell: (key) => { const state = stateOf(key, now); return <StatusBadge bare status={state} {...(state === "active" ? { tone: "good" as const } : {})} />; }, width: 110 },
    { id: "role", header: "Role", value: (key) => key.role, width: 110 },
    ...(tags.shown ? [{ id: "tags", header: "Access tags", value: (key: ApiKey) => (stateOf(key, now) === "active" ? (tags.of("key", key.name)?.tags.join(", ") ?? "") : ""), cell: (key: ApiKey) => <AccessTagsField tags={tags} holder={stateOf(key, now) === "active" ? tags.of("key", key.name) : undefined} editable /> }] : []),
    { id: "prefix", header: "Begins with", value: (key) => key.prefix, cell: (key) => <code>{key.prefix}…</code>, width: 130 },
    { id: "by", header: "Made by", value: (key) => key.created_by },
    { id: "used", header: "Last used", align: "right", value: (key) => (key.last_used_at ? Date.parse(key.last_used_at) : null), cell: (key) => <RelativeTime value={key.last_used_at} fallback="never" />, width: 120 },
    { id: "expires", header: "Expires", align: "right", value: (key) => (key.expires_at ? Date.parse(key.expires_at) : null), cell: (key) => <RelativeTime value={key.expires_at} fallback="never" />, width: 120 },
    { id: "created", header: "Created", align: "right", value: (key) => Date.parse(key.created_at), cell: (key) => <RelativeTime value={key.created_at} />, width: 120 },
    {
      id: "more",
      header: "",
      sortable: false,
      align: "right",
      width: 90,
      value: () => null,
      cell: (key) =>
        key.revoked_at ? null : (
          <Button size="compact-xs" variant="default" onClick={() => revoke(key)}>
            Revoke
          </Button>
        ),
    },
  ];
}

/** Keys of programs. */
export function KeysTab() {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const list = useQuery(keys.list(workspace));
  const now = useNow();
  const [adding, setAdding] = useState(false);
  const [created, setCreated] = useState<ApiKeyCreated>();
  const [revoking, setRevoking] = useState<ApiKey>();
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: keys.list(workspace).queryKey });
    await client.invalidateQueries({ queryKey: accessTags.list(workspace).queryKey });
  };
  const tags = useAccessTags();
  const columns = useMemo(() => columnsOf(now, tags, setRevoking), [now, tags]);
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      New key
    </Button>
  );
  return (
    <Stack gap="md">
      {tags.error && <ErrorPanel error={tags.error} />}
      <Loaded query={list} skeleton={<TableSkeleton rows={3} columns={6} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={IconKey} title="No key yet" text="A program sends a key with every request. A key has a role, can expire, and works in this workspace only.">
              {add}
            </EmptyState>
          ) : (
            <>
              <Group justify="flex-end">{add}</Group>
              <DataTable plain name="keys" columns={columns} rows={items} rowId={(key) => `${key.name} ${key.created_at}`} defaultSort="-created" />
            </>
          )
        }
      </Loaded>
      <NewKey
        opened={adding}
        onClose={() => setAdding(false)}
        workspace={workspace}
        onCreated={async (key) => {
          setCreated(key);
          await refresh();
        }}
      />
      <ShownOnce
        title={`Key ${created?.key.name ?? ""}`}
        text="Copy it now: it is stored as a hash and cannot be shown again."
        secret={created?.secret}
        onClose={() => setCreated(undefined)}
      />
      <ConfirmDelete
        opened={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        what={`key ${revoking?.name ?? ""}`}
        action="Revoke"
        consequence="Programs that send it are refused within a second. A revoked key does not come back."
        onConfirm={async () => {
          if (revoking) await keys.revoke(workspace, revoking.name);
          await refresh();
        }}
      />
    </Stack>
  );
}
