import { Badge, Group, Paper } from "@mantine/core";
import type { ReactNode } from "react";
import type { Datastore } from "@/api/types";
import { CopyButton } from "@/ui/CopyButton";
import { RelativeTime } from "@/ui/figures";
import { KeyValue } from "@/ui/KeyValue";
import { uriOf } from "../logic/paths";
import { labelOf } from "../logic/stores";

/** Key: value pairs of an asset or a datastore. */
export function Tags({ tags }: { readonly tags: Readonly<Record<string, string>> }) {
  return (
    <Group gap={6}>
      {Object.entries(tags).map(([key, value]) => (
        <Badge key={key} variant="default" tt="none">
          {value === "" ? key : `${key}: ${value}`}
        </Badge>
      ))}
    </Group>
  );
}

/** What a datastore is made of; the values of its credentials are shown nowhere. */
export function StoreFacts({ store }: { readonly store: Datastore }) {
  const uri = uriOf(store.name, "", "folder");
  return (
    <Paper p="md" maw={860}>
      <KeyValue
        entries={[
          ["Type", labelOf(store.type)],
          ["Description", store.description],
          ...Object.entries(store.configs).map(([key, value]): [string, ReactNode] => [key, value]),
          ...store.secrets.map((key): [string, ReactNode] => [key, <span key={key} style={{ color: "var(--mantine-color-dimmed)" }}>set, never shown</span>]),
          ["Tags", Object.keys(store.tags).length > 0 && <Tags tags={store.tags} />],
          [
            "URI",
            <Group key="uri" gap={2} wrap="nowrap">
              <span>{uri}</span>
              <CopyButton value={uri} label="Copy URI" />
            </Group>,
          ],
          ["Connected", !store.built_in && <RelativeTime value={store.created_at} />],
        ]}
      />
    </Paper>
  );
}
