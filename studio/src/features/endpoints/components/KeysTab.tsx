import { Group, Stack, Text } from "@mantine/core";
import { IconKey, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { endpoints } from "@/api/endpoints";
import type { Endpoint, EndpointKey } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatExact } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { KeyValue } from "@/ui/KeyValue";
import { Loaded } from "@/ui/Loaded";
import { ShownOnce } from "@/ui/ShownOnce";
import classes from "./DetailsTab.module.css";

const TYPES = ["primary", "secondary"] as const;
type KeyType = (typeof TYPES)[number];

interface Shown {
  readonly title: string;
  readonly text: string;
  readonly secret: string;
}

interface KeyCardProps {
  readonly type: KeyType;
  readonly held: EndpointKey | undefined;
  readonly off: string | null;
  readonly busy: boolean;
  readonly onMake: () => void;
}

function KeyCard({ type, held, off, busy, onMake }: KeyCardProps) {
  return (
    <section className={classes.card} aria-label={`The ${type} key`}>
      <div className={classes.head}>
        <h2 className={classes.title}>{type === "primary" ? "Primary key" : "Secondary key"}</h2>
        <span className={classes.grow} />
        <GuardedButton
          size="compact-md"
          variant="default"
          leftSection={held ? <IconRefresh size={15} /> : <IconKey size={15} />}
          off={off}
          loading={busy}
          aria-label={`${held ? "Make anew" : "Make it"}: the ${type} key`}
          onClick={onMake}
        >
          {held ? "Make anew" : "Make it"}
        </GuardedButton>
      </div>
      {held ? (
        <KeyValue
          entries={[
            ["Begins with", <code key="prefix">{held.prefix}…</code>],
            ["Made", <RelativeTime key="made" value={held.created_at} />],
            ["Made by", held.created_by],
            ["Last used", <RelativeTime key="used" value={held.last_used_at} fallback="never" />],
          ]}
        />
      ) : (
        <Text size="sm" c="dimmed">
          It was not made yet.
        </Text>
      )}
    </section>
  );
}

function Keys({ endpoint, keys, show }: { readonly endpoint: Endpoint; readonly keys: readonly EndpointKey[]; readonly show: (shown: Shown) => void }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const off = whyReadOnly(useRights(workspace));
  const [replacing, replace] = useState<KeyType | null>(null);
  const make = useMutation({
    mutationFn: (type: KeyType) => endpoints.regenerateKey(workspace, endpoint.name, type),
    onSuccess: (made) => {
      show({ title: `The ${made.key.key_type} key of ${endpoint.name}`, text: "Copy it now: it is stored as a hash and cannot be shown again.", secret: made.secret });
    },
    onSettled: () => client.invalidateQueries({ queryKey: endpoints.credentials(workspace, endpoint.name).queryKey }),
  });
  return (
    <>
      <Text size="sm" c="dimmed">
        Each opens this endpoint and nothing else. To change a key without downtime: have programs use the other one, then make this one anew.
      </Text>
      {TYPES.map((type) => {
        const held = keys.find((each) => each.key_type === type);
        return (
          <KeyCard
            key={type}
            type={type}
            held={held}
            off={off}
            busy={make.isPending && make.variables === type}
            onMake={() => {
              if (held) replace(type);
              else make.mutate(type);
            }}
          />
        );
      })}
      {make.error && <ErrorPanel error={make.error} />}
      <ConfirmDelete
        opened={replacing !== null}
        onClose={() => {
          replace(null);
        }}
        what={`the ${replacing ?? ""} key anew`}
        action="Make"
        consequence="The present one is refused within a second. The other key goes on working."
        onConfirm={async () => {
          if (replacing) await make.mutateAsync(replacing);
        }}
      />
    </>
  );
}

function Token({ endpoint, show }: { readonly endpoint: Endpoint; readonly show: (shown: Shown) => void }) {
  const workspace = useWorkspace();
  const { invoke } = useRights(workspace);
  const make = useMutation({
    mutationFn: () => endpoints.token(workspace, endpoint.name),
    onSuccess: (token) => {
      const text = `It works until ${formatExact(token.expires_at)}; get the next one from ${formatExact(token.refresh_after)} on.`;
      show({ title: `A token of ${endpoint.name}`, text, secret: token.access_token });
    },
  });
  return (
    <section className={classes.card} aria-label="Tokens">
      <h2 className={classes.title}>Tokens that expire</h2>
      <Text size="sm" c="dimmed">
        This endpoint has no keys of its own: programs get a token for an hour, and the next one before it ends.
      </Text>
      <Group>
        <GuardedButton
          size="compact-md"
          variant="default"
          leftSection={<IconKey size={15} />}
          off={invoke ? null : "Your role may look at endpoints, not call them."}
          loading={make.isPending}
          onClick={() => {
            make.mutate();
          }}
        >
          Get a token
        </GuardedButton>
      </Group>
      {make.error && <ErrorPanel error={make.error} />}
    </section>
  );
}

/** The endpoint's own keys, or its tokens. */
export function KeysTab({ endpoint }: { readonly endpoint: Endpoint }) {
  const workspace = useWorkspace();
  const query = useQuery(endpoints.credentials(workspace, endpoint.name));
  const [shown, show] = useState<Shown | null>(null);
  return (
    <Loaded query={query}>
      {(found) => (
        <Stack gap="md" maw={720}>
          {found.auth_mode === "key" ? <Keys endpoint={endpoint} keys={found.keys ?? []} show={show} /> : <Token endpoint={endpoint} show={show} />}
          <ShownOnce
            title={shown?.title ?? `Key of ${endpoint.name}`}
            text={shown?.text ?? ""}
            secret={shown?.secret}
            onClose={() => {
              show(null);
            }}
          />
        </Stack>
      )}
    </Loaded>
  );
}
