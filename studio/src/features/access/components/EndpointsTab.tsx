import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { IconCloudUp, IconLock } from "@tabler/icons-react";
import { useMemo } from "react";
import { endpoints } from "@/api/endpoints";
import type { Endpoint } from "@/api/types";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Loaded } from "@/ui/Loaded";
import { TableSkeleton } from "@/ui/Skeletons";
import { type AccessTagsOf, useAccessTags } from "../hooks/useAccessTags";
import { AccessTagsField } from "./AccessTagsField";

function columnsOf(tags: AccessTagsOf, editable: boolean): Column<Endpoint>[] {
  const of = ({ name }: Endpoint) => tags.of("endpoint", name) ?? (tags.items && { kind: "endpoint" as const, name, tags: [], everything: false });
  return [
    { id: "name", header: "Endpoint", value: (endpoint) => endpoint.name },
    { id: "tags", header: "Access tags", value: (endpoint) => of(endpoint)?.tags.join(", ") ?? "", cell: (endpoint) => <AccessTagsField tags={tags} holder={of(endpoint)} editable={editable} /> },
  ];
}

/** By which tags endpoints see documents. */
export function EndpointsTab() {
  const workspace = useWorkspace();
  const list = useQuery(endpoints.list(workspace));
  const { write } = useRights(workspace);
  const tags = useAccessTags();
  const columns = useMemo(() => columnsOf(tags, write), [tags, write]);
  if (!write) return <EmptyState icon={IconLock} title="Not for your role" text="Which access tags endpoints have is shown to contributors and owners." />;
  return (
    <Stack gap="md">
      {tags.error && <ErrorPanel error={tags.error} />}
      <Loaded query={list} skeleton={<TableSkeleton rows={3} columns={2} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={IconCloudUp} title="No endpoint yet" text="The flows of an endpoint look documents up by its access tags, whoever calls it. Without tags they find what has none." />
          ) : (
            <>
              <Text size="sm" c="dimmed">
                The flows of an endpoint look documents up by its access tags, whoever calls it.
              </Text>
              <DataTable plain name="endpoint-tags" columns={columns} rows={items} rowId={(endpoint) => endpoint.name} rowLink={(endpoint) => linkOptions({ to: "/w/$workspace/endpoints/$name", params: { workspace, name: endpoint.name } })} defaultSort="name" />
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}
