import { Progress, Stack, Text } from "@mantine/core";
import { IconGauge } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { gateway } from "@/api/gateway";
import { keys } from "@/api/identity";
import { telemetry } from "@/api/telemetry";
import type { ApiKey, Figures, Limits, LimitUse, WorkspaceLimits } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatMoney, formatNumber, UNKNOWN } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { TextLink } from "@/ui/links";
import { toneColors } from "@/ui/StatusBadge";
import { BOUNDS, type Bound, isBounded, nearness, shareUsed } from "../logic/limits";
import classes from "./Gateway.module.css";
import { LimitsDialog } from "./LimitsDialog";

const PERIOD = "24h";
const MICROS = 1_000_000;
const PER_CENT = 100;
const NO_USE: LimitUse = {};

function amount(bound: Bound, value: number): string {
  return bound.money ? formatMoney(String(Math.round(value * MICROS)), "USD").replace("free", "$0") : formatNumber(value);
}

function BoundUse({ bound, limits, use, labelled }: { readonly bound: Bound; readonly limits: Limits; readonly use: LimitUse; readonly labelled: boolean }) {
  const most = limits[bound.name];
  const share = shareUsed(bound, limits, use);
  return (
    <div className={classes.bound}>
      {labelled && (
        <Text size="xs" c="dimmed">
          {bound.label}
        </Text>
      )}
      {typeof most !== "number" || share === null ? (
        <Text span inherit c="dimmed">
          no limit
        </Text>
      ) : (
        <>
          <span>
            {amount(bound, bound.used(use))} of {amount(bound, most)}
          </span>
          <Progress size={5} value={share * PER_CENT} color={toneColors(nearness(share)).color} aria-label={`${bound.label}, share used`} />
        </>
      )}
    </div>
  );
}

interface Edited {
  /** A key's name; null: the workspace. */
  readonly key: string | null;
  readonly limits: Limits;
}

function WorkspaceCard({ found, onEdit }: { readonly found: WorkspaceLimits; readonly onEdit: (edited: Edited) => void }) {
  const rights = useRights(useWorkspace());
  const off = rights.manage ? null : "Only an owner of the workspace may change its limits.";
  return (
    <section className={classes.card} aria-label="Limits of the workspace">
      <div className={classes.head}>
        <h2>Workspace</h2>
        <Text size="xs" c="dimmed">
          all keys and people together
        </Text>
        <span className={classes.grow} />
        <GuardedButton size="compact-md" variant="default" off={off} onClick={() => { onEdit({ key: null, limits: found.limits }); }}>
          Change limits
        </GuardedButton>
      </div>
      <div className={classes.bounds}>
        {BOUNDS.map((bound) => (
          <BoundUse key={bound.name} bound={bound} limits={found.limits} use={found.used} labelled />
        ))}
      </div>
      {isBounded(found.limits) && found.limits.unknown_price === "refuse" && <Text size="xs" c="dimmed">Calls to models without a known price are refused.</Text>}
    </section>
  );
}

function figureOf(figures: Figures | undefined, key: string, measure: string): number | null {
  const row = figures?.rows.find((each) => each[0] === key);
  const at = figures?.columns.findIndex((column) => column.name === measure) ?? -1;
  const value = row?.[at];
  return typeof value === "number" ? value : null;
}

interface KeyRowProps {
  readonly entry: ApiKey;
  readonly found: WorkspaceLimits;
  readonly figures: Figures | undefined;
  readonly why: string | null;
  readonly onEdit: (edited: Edited) => void;
}

function KeyRow({ entry, found, figures, why, onEdit }: KeyRowProps) {
  const workspace = useWorkspace();
  const limits = entry.limits ?? {};
  const used = found.keys?.find((each) => each.key === entry.name)?.used ?? NO_USE;
  const cost = figureOf(figures, entry.name, "cost");
  return (
    <tr>
      <td>
        <TextLink to="/w/$workspace/usage" params={{ workspace }} search={{ by: "key", q: `key:${entry.name}` } as never} inherit>
          {entry.name}
        </TextLink>
      </td>
      <td className={classes.number}>{formatNumber(figureOf(figures, entry.name, "count") ?? 0)}</td>
      <td className={classes.number}>{formatNumber(figureOf(figures, entry.name, "tokens") ?? 0)}</td>
      <td className={classes.number}>{cost === null ? UNKNOWN : formatMoney(String(Math.round(cost)), figures?.currency ?? "USD")}</td>
      {BOUNDS.map((bound) => (
        <td key={bound.name}>
          <BoundUse bound={bound} limits={limits} use={used} labelled={false} />
        </td>
      ))}
      <td>
        <RelativeTime value={entry.last_used_at} fallback="never" />
      </td>
      <td className={classes.number}>
        <GuardedButton size="compact-xs" variant="default" off={why} aria-label={`Change limits of ${entry.name}`} onClick={() => { onEdit({ key: entry.name, limits }); }}>
          Limits
        </GuardedButton>
      </td>
    </tr>
  );
}

function KeyTable({ found, onEdit }: { readonly found: WorkspaceLimits; readonly onEdit: (edited: Edited) => void }) {
  const workspace = useWorkspace();
  const why = whyReadOnly(useRights(workspace));
  const list = useQuery(keys.list(workspace));
  const figures = useQuery(telemetry.figures(workspace, { of: "calls", since: PERIOD, group_by: ["key"], measure: ["count", "tokens", "cost"], limit: 500 }));
  return (
    <Loaded query={list}>
      {({ items }) => {
        const active = items.filter((entry) => !entry.revoked_at);
        if (active.length === 0)
          return (
            <Text size="sm" c="dimmed">
              There is no key yet: make one under{" "}
              <TextLink to="/w/$workspace/access" params={{ workspace }} search={{ tab: "keys" } as never} inherit underline="always">
                Access
              </TextLink>
              .
            </Text>
          );
        return (
          <div style={{ overflowX: "auto" }} tabIndex={0} role="region" aria-label="Keys and their limits">
            <table className={classes.table}>
              <thead>
                <tr>
                  <th scope="col">Key</th>
                  <th scope="col" className={classes.number}>Model calls, 24 h</th>
                  <th scope="col" className={classes.number}>Tokens</th>
                  <th scope="col" className={classes.number}>Cost</th>
                  {BOUNDS.map(({ name, label }) => (
                    <th key={name} scope="col">
                      {label}
                    </th>
                  ))}
                  <th scope="col">Last used</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {active.map((entry) => (
                  <KeyRow key={entry.name} entry={entry} found={found} figures={figures.data} why={why} onEdit={onEdit} />
                ))}
              </tbody>
            </table>
          </div>
        );
      }}
    </Loaded>
  );
}

/** What the workspace and each key may use, and what was used of it. */
export function LimitsTab() {
  const workspace = useWorkspace();
  const { write } = useRights(workspace);
  const query = useQuery({ ...gateway.limits(workspace), enabled: write });
  const [edited, edit] = useState<Edited | null>(null);
  if (!write) return <EmptyState icon={IconGauge} title="Limits are for those who may make keys" text="Your role may not look at keys and their limits. Ask an owner of the workspace for the role contributor." />;
  return (
    <Loaded query={query}>
      {(found) => (
        <Stack gap="md">
          <WorkspaceCard found={found} onEdit={edit} />
          <section className={classes.card} aria-label="Keys">
            <div className={classes.head}>
              <h2>Keys</h2>
            </div>
            <KeyTable found={found} onEdit={edit} />
          </section>
          {edited && <LimitsDialog key={edited.key ?? ""} name={edited.key} limits={edited.limits} onClose={() => { edit(null); }} />}
        </Stack>
      )}
    </Loaded>
  );
}
