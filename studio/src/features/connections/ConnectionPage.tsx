import { Paper, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { IconPencil, IconPlugConnected, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { connections } from "@/api/connections";
import type { Connection } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { CopyButton } from "@/ui/CopyButton";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { KeyValue } from "@/ui/KeyValue";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { ConnectionForm } from "./components/ConnectionForm";
import { TestResult } from "./components/TestResult";
import { labelOf } from "./kinds";

function Detail({ connection, workspace }: { connection: Connection; workspace: string }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [edit, setEdit] = useUrlState("edit");
  const [deleting, { open, close }] = useDisclosure(false);
  const test = useMutation({ mutationFn: () => connections.test(workspace, connection.name) });
  const remove = async () => {
    await connections.remove(workspace, connection.name);
    await navigate({ to: "/w/$workspace/connections", params: { workspace } });
    await client.invalidateQueries({ queryKey: connections.list(workspace).queryKey });
  };
  const off = whyReadOnly(useRights(workspace));
  const editing = edit === "1" && off === null;
  return (
    <>
      <PageHeader
        title={connection.name}
        badge={<CopyButton value={connection.name} label="Copy name" />}
        parent={{ label: "Connections", target: { to: "/w/$workspace/connections", params: { workspace } } }}
        meta={
          <>
            <span>{labelOf(connection.type)}</span>
            {connection.built_in ? (
              <span>Built in</span>
            ) : (
              <span>
                changed <RelativeTime value={connection.updated_at} />
              </span>
            )}
          </>
        }
      >
        {!connection.built_in && (
          <GuardedButton off={off} variant="default" leftSection={<IconTrash size={15} />} onClick={open}>
            Delete
          </GuardedButton>
        )}
        {!editing && (
          <GuardedButton off={off} variant="default" leftSection={<IconPencil size={15} />} onClick={() => setEdit("1")}>
            Edit
          </GuardedButton>
        )}
        <GuardedButton off={off} leftSection={<IconPlugConnected size={16} />} loading={test.isPending} onClick={() => test.mutate()}>
          Test
        </GuardedButton>
      </PageHeader>
      {test.error && <ErrorPanel error={test.error} onRetry={() => test.mutate()} />}
      {test.isSuccess && <TestResult result={test.data} />}
      {editing ? (
        <ConnectionForm
          workspace={workspace}
          connection={connection}
          onCancel={() => setEdit(null)}
          onSaved={() => {
            test.reset();
            setEdit(null);
          }}
        />
      ) : (
        <Paper p="md" maw={860}>
          <KeyValue
            entries={[
              ["Type", labelOf(connection.type)],
              ...Object.entries(connection.configs).map(([key, value]): [string, ReactNode] => [key, <span style={{ whiteSpace: "pre-wrap" }}>{value}</span>]),
              ...connection.secrets.map((key): [string, ReactNode] => [key, <span style={{ color: "var(--mantine-color-dimmed)" }}>set, never shown</span>]),
              ["Created", <RelativeTime value={connection.created_at} />],
            ]}
          />
        </Paper>
      )}
      <ConfirmDelete
        opened={deleting}
        onClose={close}
        what={`connection ${connection.name}`}
        consequence="Its secrets are gone for good. Flows and endpoints that name it fail at their next call."
        onConfirm={remove}
      />
    </>
  );
}

/** A connection: its values, a test by one real call, edit and delete. */
export function ConnectionPage() {
  const workspace = useWorkspace();
  const { name } = useParams({ strict: false });
  const query = useQuery(connections.get(workspace, name ?? ""));
  return (
    <Page>
      <Loaded query={query}>
        {(connection) => (
          <Stack gap="md">
            <Detail key={connection.name} connection={connection} workspace={workspace} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
