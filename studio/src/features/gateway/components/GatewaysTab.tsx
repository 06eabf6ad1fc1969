import { Stack, Text } from "@mantine/core";
import { IconServer } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { gateway } from "@/api/gateway";
import type { GatewayStatus } from "@/api/types";
import { formatBytes, formatDuration, formatNumber, UNKNOWN } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { RelativeTime } from "@/ui/figures";
import { Loaded } from "@/ui/Loaded";
import { StatusBadge } from "@/ui/StatusBadge";
import { hitRate } from "../logic/status";
import { BreakerBadge } from "./BreakerBadge";
import classes from "./Gateway.module.css";

const PER_CENT = 100;

function Fact({ label, value, note }: { readonly label: string; readonly value: string; readonly note?: string }) {
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>
        {value}
        {note !== undefined && <span>{note}</span>}
      </dd>
    </div>
  );
}

function ms(value: number | null): string {
  return value === null ? UNKNOWN : formatDuration(value);
}

function Facts({ found }: { readonly found: GatewayStatus }) {
  const rate = hitRate(found);
  return (
    <dl className={classes.facts}>
      <Fact label="Adds to a call, p50" value={ms(found.overhead_p50_ms)} />
      <Fact label="Adds to a call, p99" value={ms(found.overhead_p99_ms)} />
      <Fact label="Model calls" value={formatNumber(found.calls)} />
      <Fact label="Under way" value={formatNumber(found.in_flight)} />
      <Fact label="Cache hit rate" value={rate === null ? UNKNOWN : `${formatNumber(rate * PER_CENT)} %`} note={rate === null ? "no route asked it" : `${formatNumber(found.cache_hits)} of ${formatNumber(found.cache_hits + found.cache_misses)}`} />
      <Fact label="Cache memory" value={formatBytes(found.cache_bytes)} note="of 67.1 MB" />
    </dl>
  );
}

function Targets({ found }: { readonly found: GatewayStatus }) {
  if (found.targets.length === 0) return <Text size="sm" c="dimmed">No route of this workspace was called here yet.</Text>;
  return (
    <table className={classes.table} aria-label={`Models of routes at ${found.gateway}`}>
      <thead>
        <tr>
          <th scope="col">Route</th>
          <th scope="col">Model</th>
          <th scope="col">Breaker</th>
          <th scope="col" className={classes.number}>Answered</th>
          <th scope="col" className={classes.number}>Failed</th>
        </tr>
      </thead>
      <tbody>
        {found.targets.map((one) => (
          <tr key={`${one.route} ${one.model}`}>
            <td>{one.route}</td>
            <td>{one.model}</td>
            <td>
              <BreakerBadge state={one.breaker} />
            </td>
            <td className={classes.number}>{formatNumber(one.answered)}</td>
            <td className={classes.number}>{formatNumber(one.failed)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The gateways that run, and what each measured of itself since it started. */
export function GatewaysTab() {
  const workspace = useWorkspace();
  const query = useQuery(gateway.status(workspace));
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState icon={IconServer} title="No gateway has told of itself" text="A gateway tells the database how it fares once a second. None did in the last 20 seconds." />
        ) : (
          <Stack gap="md">
            <Text size="sm" c="dimmed">
              Since each started. What a gateway adds is the time until an answer begins, without the waiting for the client's body and for the model.
            </Text>
            {items.map((found) => (
              <section key={`${found.gateway} ${found.started_at}`} className={classes.card} aria-label={`Gateway ${found.gateway}`}>
                <div className={classes.head}>
                  <h2>{found.gateway}</h2>
                  <StatusBadge status="healthy" label="Runs" />
                  <Text size="xs" c="dimmed">
                    started <RelativeTime value={found.started_at} />
                  </Text>
                </div>
                <Facts found={found} />
                <Targets found={found} />
              </section>
            ))}
          </Stack>
        )
      }
    </Loaded>
  );
}
