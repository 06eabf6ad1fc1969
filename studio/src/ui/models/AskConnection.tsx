import { ActionIcon, Loader, Text, Tooltip } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useWorkspace } from "@/lib/workspace";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { TextLink } from "@/ui/links";
import type { useModelNames } from "./useModels";

type Asked = ReturnType<typeof useModelNames>["asked"];

/** Asks a connection, when told to, which models it has. */
export function AskConnection({ connection, asked }: { readonly connection: string; readonly asked: Asked }) {
  if (asked.isPending) return <Loader size={14} role="img" aria-label="Asking for the connection's models" />;
  return (
    <Tooltip label={`Ask ${connection} for its models`}>
      <ActionIcon size={22} aria-label="Ask the connection for its models" onClick={() => { asked.mutate(); }}>
        <IconRefresh size={14} />
      </ActionIcon>
    </Tooltip>
  );
}

/** What the connection said. */
export function ConnectionSaid({ asked }: { readonly asked: Asked }) {
  return (
    <>
      {asked.error && <ErrorPanel error={asked.error} />}
      {asked.data && (
        <Text size="xs" c="dimmed" role="status">
          {asked.data.ok ? `The connection lists ${String(asked.data.models?.length ?? 0)} models.` : asked.data.detail}
        </Text>
      )}
    </>
  );
}

/** Where a connection is made that is not there yet. */
export function NewConnection() {
  const workspace = useWorkspace();
  return (
    <TextLink to="/w/$workspace/connections/new" params={{ workspace }} size="xs">
      New connection
    </TextLink>
  );
}
