import { Group, Modal, Select, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHistory, IconRestore } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { endpoints } from "@/api/endpoints";
import type { Endpoint, Revision } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { MergeView } from "@/ui/MergeView";
import { Panel } from "@/ui/Panel";
import { StatusBadge } from "@/ui/StatusBadge";
import { changedLines, revisionText } from "../logic/revisions";
import { sourceOf } from "../logic/state";
import { DeployProgress } from "./DeployProgress";
import classes from "./HistoryTab.module.css";

interface ListProps {
  readonly revisions: readonly Revision[];
  readonly shown: Revision;
  readonly onShow: (revision: Revision) => void;
}

function RevisionList({ revisions, shown, onShow }: ListProps) {
  return (
    <ol className={classes.list} aria-label="Revisions, the newest first">
      {revisions.map((revision) => (
        <li key={revision.revision}>
          <UnstyledButton
            className={classes.revision}
            aria-current={revision.revision === shown.revision}
            onClick={() => {
              onShow(revision);
            }}
          >
            <Group gap={8} wrap="nowrap">
              <Text size="sm" fw={600} className="fy-num">
                Revision {revision.revision}
              </Text>
              {revision.serving && <StatusBadge status="healthy" label="Serves" />}
            </Group>
            <Text size="sm" className="fy-truncate" title={sourceOf(revision)}>
              {sourceOf(revision)}
            </Text>
            <Text size="xs" c="dimmed">
              <RelativeTime value={revision.deployed_at} /> by {revision.deployed_by}
            </Text>
          </UnstyledButton>
        </li>
      ))}
    </ol>
  );
}

function whyNot(endpoint: Endpoint, name: string, shown: Revision): string | null {
  if (shown.serving) return "It serves now.";
  const state = endpoint.deployments.find((deployment) => deployment.name === name)?.state;
  return state === "deploying" ? "A deployment is under way: wait until it is done." : null;
}

function RollBack({ endpoint, name, shown }: { readonly endpoint: Endpoint; readonly name: string; readonly shown: Revision }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const rights = useRights(workspace);
  const [opened, dialog] = useDisclosure(false);
  const start = useMutation({
    mutationFn: () => endpoints.rollBack(workspace, endpoint.name, name, shown.revision),
    onMutate: dialog.open,
    onSettled: () => client.invalidateQueries({ queryKey: ["endpoints", workspace] }),
  });
  return (
    <>
      <GuardedButton
        size="compact-md"
        leftSection={<IconRestore size={15} />}
        off={whyReadOnly(rights) ?? whyNot(endpoint, name, shown)}
        loading={start.isPending}
        onClick={() => {
          start.mutate();
        }}
      >
        Roll back to this
      </GuardedButton>
      <Modal opened={opened} onClose={dialog.close} size={520} title={<Text fw={600}>{`Roll ${name} back to revision ${shown.revision}`}</Text>}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            What serves now serves until the replicas are ready; no request is dropped and no traffic moved.
          </Text>
          {start.error && <ErrorPanel error={start.error} />}
          {start.data && <DeployProgress jobId={start.data.id} endpoint={endpoint.name} onClose={dialog.close} />}
        </Stack>
      </Modal>
    </>
  );
}

interface ComparedProps {
  readonly endpoint: Endpoint;
  readonly name: string;
  readonly revisions: readonly Revision[];
  readonly shown: Revision;
}

/** A revision beside what serves; what serves beside the one before it. */
function Compared({ endpoint, name, revisions, shown }: ComparedProps) {
  const serving = revisions.find((each) => each.serving);
  const other = shown.serving ? revisions.find((each) => each.revision < shown.revision) : serving;
  const left = other ? revisionText(other) : "";
  const right = revisionText(shown);
  const changes = other ? changedLines(left, right) : 0;
  return (
    <Panel
      head={
        <>
          <Text fw={600} size="sm">
            {other ? `Revision ${shown.revision} beside revision ${other.revision}${other.serving ? ", which serves" : ""}` : `Revision ${shown.revision}`}
          </Text>
          <Text size="xs" c="dimmed" flex={1}>
            {other && (changes === 0 ? "same settings and same files" : `${formatNumber(changes)} lines differ`)}
          </Text>
          <RollBack key={`${name} ${shown.revision}`} endpoint={endpoint} name={name} shown={shown} />
        </>
      }
    >
      <div className={classes.merge}>
        <MergeView
          key={`${other?.revision ?? 0} ${shown.revision}`}
          path="deployment.yaml"
          theirs={left}
          mine={right}
          theirsLabel={other ? `Revision ${other.revision}` : "Nothing before"}
          mineLabel={`Revision ${shown.revision}`}
        />
      </div>
    </Panel>
  );
}

/** What served under a deployment's name, what differs from what serves now, and the way back. */
export function HistoryTab({ endpoint }: { readonly endpoint: Endpoint }) {
  const workspace = useWorkspace();
  const names = endpoint.deployments.map((deployment) => deployment.name);
  const [chosen, choose] = useUrlState("deployment", names[0] ?? "");
  const [wanted, want] = useUrlState("revision");
  const name = names.includes(chosen) ? chosen : (names[0] ?? "");
  const query = useQuery({ ...endpoints.revisions(workspace, endpoint.name, name), enabled: name !== "" });
  const nothing = <EmptyState icon={IconHistory} title="Nothing has served yet" text="Each deploy that came up becomes a revision: what it served, its settings, who deployed it. The last 20 can be brought back." />;
  if (name === "") return nothing;
  return (
    <Loaded query={query}>
      {({ items }) => {
        const shown = items.find((each) => String(each.revision) === wanted) ?? items[0];
        return (
          <div className={classes.frame}>
            {names.length > 1 && (
              <Select
                aria-label="Deployment"
                w={240}
                data={names}
                value={name}
                allowDeselect={false}
                onChange={(next) => {
                  want(null);
                  choose(next);
                }}
              />
            )}
            {shown ? (
              <div className={classes.columns}>
                <RevisionList
                  revisions={items}
                  shown={shown}
                  onShow={(revision) => {
                    want(String(revision.revision));
                  }}
                />
                <Compared endpoint={endpoint} name={name} revisions={items} shown={shown} />
              </div>
            ) : (
              nothing
            )}
          </div>
        );
      }}
    </Loaded>
  );
}
