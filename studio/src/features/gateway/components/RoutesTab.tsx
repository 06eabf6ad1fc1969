import { Group, Stack, Text } from "@mantine/core";
import { IconPlus, IconRouteAltLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { gateway } from "@/api/gateway";
import type { GatewayStatus, Route } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatDuration, formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { ButtonLink } from "@/ui/links";
import { TableSkeleton } from "@/ui/Skeletons";
import { callsOf, worstBreaker } from "../logic/status";
import { sharesOf } from "../logic/routeDraft";
import { BreakerBadge } from "./BreakerBadge";

const S_TO_MS = 1000;

function modelsOf({ spec }: Route): string {
  const shares = sharesOf(spec.targets);
  return spec.targets.map(({ model }, index) => (spec.targets.length > 1 ? `${model} ${shares[index] ?? 0} %` : model)).join(", ");
}

function columnsOf(gateways: readonly GatewayStatus[]): Column<Route>[] {
  return [
    { id: "name", header: "Name", value: (route) => route.name, width: "16%" },
    { id: "models", header: "Models", value: modelsOf, cell: (route) => <Text span inherit style={{ overflowWrap: "anywhere" }}>{modelsOf(route)}</Text>, sortable: false },
    { id: "fallbacks", header: "Falls back to", value: (route) => route.spec.fallbacks?.join(", "), sortable: false },
    {
      id: "breaker",
      header: "Breaker",
      value: (route) => worstBreaker(gateways, route.name),
      cell: (route) => <BreakerBadge state={worstBreaker(gateways, route.name)} />,
      width: 120,
    },
    { id: "calls", header: "Answered", align: "right", value: (route) => callsOf(gateways, route.name).answered, cell: (route) => formatNumber(callsOf(gateways, route.name).answered), width: 90 },
    { id: "failed", header: "Failed", align: "right", value: (route) => callsOf(gateways, route.name).failed, cell: (route) => formatNumber(callsOf(gateways, route.name).failed), width: 80 },
    {
      id: "cache",
      header: "Cache",
      value: (route) => route.spec.cache?.ttl_s,
      cell: (route) => (route.spec.cache ? formatDuration(route.spec.cache.ttl_s * S_TO_MS) : "off"),
      width: 90,
    },
    { id: "updated", header: "Changed", value: (route) => route.updated_at, cell: (route) => <RelativeTime value={route.updated_at} />, width: 120 },
  ];
}

function NewRoute({ label }: { readonly label: string }) {
  const workspace = useWorkspace();
  const why = whyReadOnly(useRights(workspace));
  if (why !== null)
    return (
      <GuardedButton leftSection={<IconPlus size={16} />} off={why}>
        {label}
      </GuardedButton>
    );
  return (
    <ButtonLink leftSection={<IconPlus size={16} />} to="/w/$workspace/gateway/route" params={{ workspace }}>
      {label}
    </ButtonLink>
  );
}

/** The routes: one name, several models behind it. */
export function RoutesTab() {
  const workspace = useWorkspace();
  const query = useQuery(gateway.routes(workspace));
  const status = useQuery(gateway.status(workspace));
  const columns = useMemo(() => columnsOf(status.data?.items ?? []), [status.data]);
  return (
    <Loaded query={query} skeleton={<TableSkeleton columns={6} />}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState
            icon={IconRouteAltLeft}
            title="No routes yet"
            text="A route is one name for several models: clients call the name, the gateway chooses by weight, tries again, falls back, and may keep answers."
          >
            <NewRoute label="Make a route" />
          </EmptyState>
        ) : (
          <Stack gap="md">
            <Group justify="flex-end">
              <NewRoute label="New route" />
            </Group>
            <DataTable
              plain
              name="routes"
              columns={columns}
              rows={items}
              rowId={(route) => route.name}
              rowLink={(route) => linkOptions({ to: "/w/$workspace/gateway/route", params: { workspace }, search: { name: route.name } as never })}
              defaultSort="name"
            />
          </Stack>
        )
      }
    </Loaded>
  );
}
