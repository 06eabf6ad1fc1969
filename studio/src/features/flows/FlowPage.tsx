import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconDots, IconFiles, IconLayoutList, IconListCheck, IconMessages, IconRocket, IconSitemap, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { linkOptions, useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { flows } from "@/api/flows";
import { useRights } from "@/api/useRights";

import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { CopyButton } from "@/ui/CopyButton";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton } from "@/ui/GuardedButton";
import { ButtonLink } from "@/ui/links";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { StatusBadge } from "@/ui/StatusBadge";
import { type UrlTab, UrlTabs } from "@/ui/UrlTabs";
import { CardsTab } from "./components/CardsTab";
import { ChatTab } from "./components/ChatTab";
import { FilesTab } from "./components/FilesTab";
import { FindingsTab } from "./components/FindingsTab";
import { GraphTab } from "./components/GraphTab";
import { FLOW_KINDS, PURPOSES } from "./components/words";
import { FlowProvider, useFlowDocument } from "./hooks/useFlowDocument";
import { warmUpLayout } from "./hooks/useFlowLayout";
import { useFlowTest } from "./hooks/useFlowTest";
import { chatShape } from "./logic/chat";
import type { Flow, FlowGraph } from "./model";

/** How often the flow on disk is looked at: an edit made elsewhere shows within this many milliseconds. */
const DISK_POLL_MS = 3000;

function Actions({ flow }: { readonly flow: Flow }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [deleting, remove] = useDisclosure(false);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={34} variant="default" aria-label="More actions">
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={remove.open}>
            Delete flow
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ButtonLink variant="default" leftSection={<IconListCheck size={16} />} to="/w/$workspace/runs/new" params={{ workspace }} search={{ flow: flow.name } as never}>
        Run on data
      </ButtonLink>
      {flow.errors > 0 ? (
        <GuardedButton leftSection={<IconRocket size={16} />} off="Validation found errors: mend them first, under Findings">
          Deploy
        </GuardedButton>
      ) : (
        <ButtonLink leftSection={<IconRocket size={16} />} to="/w/$workspace/deploy" params={{ workspace }} search={{ flow: flow.name } as never}>
          Deploy
        </ButtonLink>
      )}
      <ConfirmDelete
        opened={deleting}
        onClose={remove.close}
        what={`flow ${flow.name}`}
        consequence="Its folder and all files in it are removed. Deployments made from it keep their own copy and go on serving; traces stay."
        typeToConfirm={flow.name}
        onConfirm={async () => {
          await flows.remove(workspace, flow.name);
          await navigate({ to: "/w/$workspace/flows", params: { workspace } });
          void client.invalidateQueries({ queryKey: flows.list(workspace).queryKey });
        }}
      />
    </>
  );
}

function Meta({ flow }: { readonly flow: Flow }) {
  return (
    <>
      <span>{PURPOSES[flow.purpose].label} flow</span>
      <span>{FLOW_KINDS[flow.kind]}</span>
      <span>
        {formatNumber(flow.nodes)} {flow.nodes === 1 ? "node" : "nodes"}
      </span>
      <span>
        changed <RelativeTime value={flow.updated_at} />
      </span>
      {flow.description && (
        <span className="fy-truncate" style={{ maxWidth: 480 }} title={flow.description}>
          {flow.description}
        </span>
      )}
    </>
  );
}

function Tabs({ flow, graph }: { readonly flow: Flow; readonly graph: FlowGraph }) {
  const workspace = useWorkspace();
  const tester = useFlowTest(workspace, flow.name);
  const shape = useMemo(() => chatShape(graph), [graph]);
  const isChat = flow.purpose === "chat" && shape !== null;
  const errors = graph.findings.filter((finding) => finding.severity === "error").length;
  const tabs: UrlTab[] = [
    { value: "graph", label: "Graph", icon: <IconSitemap size={15} />, content: () => <GraphTab flow={flow.name} graph={graph} tester={tester} /> },
    {
      value: "cards",
      label: "Cards",
      icon: <IconLayoutList size={15} />,
      content: () => <CardsTab flow={flow.name} graph={graph} run={tester.run} />,
    },
    { value: "files", label: "Files", icon: <IconFiles size={15} />, content: () => <FilesTab flow={flow.name} findings={graph.findings} /> },
    ...(isChat
      ? [{ value: "chat", label: "Chat", icon: <IconMessages size={15} />, content: () => <ChatTab flow={flow.name} shape={shape} /> }]
      : []),
    {
      value: "findings",
      label: graph.findings.length === 0 ? "Findings" : `Findings (${formatNumber(graph.findings.length)})`,
      icon: <IconAlertTriangle size={15} color={errors > 0 ? "var(--fy-bad)" : undefined} />,
      content: () => <FindingsTab flow={flow.name} findings={graph.findings} />,
    },
  ];
  return <UrlTabs tabs={tabs} fill />;
}

/** A flow: its graph, files, test run, chat and findings. */
export function FlowPage() {
  const workspace = useWorkspace();
  const { flow = "" } = useParams({ strict: false });
  const query = useQuery({ ...flows.get(workspace, flow), refetchInterval: DISK_POLL_MS });
  const graph = useQuery({ ...flows.graph(workspace, flow), refetchInterval: DISK_POLL_MS });
  const document = useFlowDocument(workspace, flow);
  const { write } = useRights(workspace);
  useEffect(warmUpLayout, []);
  const parent = { label: "Flows", target: linkOptions({ to: "/w/$workspace/flows", params: { workspace } }) };
  return (
    <Page fill>
      {!query.data && <PageHeader title={flow} parent={parent} />}
      <Loaded query={query}>
        {(found) => (
          <>
            <PageHeader
              title={found.name}
              parent={parent}
              badge={
                <>
                  <StatusBadge
                    status={found.errors > 0 ? "error" : "ok"}
                    label={found.errors > 0 ? `${formatNumber(found.errors)} errors` : "Valid"}
                  />
                  <CopyButton value={found.name} label="Copy name" />
                </>
              }
              meta={<Meta flow={found} />}
            >
              {write && <Actions flow={found} />}
            </PageHeader>
            <FlowProvider document={document}>
              <Loaded query={graph}>{(data) => <Tabs flow={found} graph={data} />}</Loaded>
            </FlowProvider>
          </>
        )}
      </Loaded>
    </Page>
  );
}
