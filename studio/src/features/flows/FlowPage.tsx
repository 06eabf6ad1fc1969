import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconDots, IconFiles, IconHistory, IconLayoutList, IconListCheck, IconMessages, IconRocket, IconSitemap, IconTrash } from "@tabler/icons-react";
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
import { DocumentBar, DocumentNote } from "./components/DocumentBar";
import { CardsTab } from "./components/CardsTab";
import { ChatTab } from "./components/ChatTab";
import { FilesTab } from "./components/FilesTab";
import { FindingsTab } from "./components/FindingsTab";
import { GraphTab } from "./components/GraphTab";
import { HistoryTab } from "./components/HistoryTab";
import { FLOW_KINDS, PURPOSES } from "./components/words";
import { FlowProvider, useFlow, useFlowDocument } from "./hooks/useFlowDocument";
import { warmUpLayout } from "./hooks/useFlowLayout";
import { type FlowTester, useFlowTest } from "./hooks/useFlowTest";
import { chatShape } from "./logic/chat";
import { graphOf } from "./logic/document/graph";
import { FLOW_FILE } from "./logic/files";
import type { Flow, FlowGraph } from "./model";

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

/** The graph as the document says it now; as the server read it where the document cannot be read, or is of another kind. */
function useLiveGraph(served: FlowGraph): FlowGraph {
  const document = useFlow();
  const { main, yaml } = document;
  const text = main === FLOW_FILE ? document.text(main) : null;
  return useMemo(() => (yaml && text !== null ? graphOf(yaml, text, served.findings) : served), [yaml, text, served]);
}

/** A test runs what is on the server: edits are sent first. */
function useSavedTest(workspace: string, flow: string): FlowTester {
  const tester = useFlowTest(workspace, flow);
  const { save } = useFlow();
  const { start } = tester;
  return useMemo(() => ({ ...tester, start: (...given) => void save().then(() => { start(...given); }) }), [tester, save, start]);
}

function Tabs({ flow, served }: { readonly flow: Flow; readonly served: FlowGraph }) {
  const workspace = useWorkspace();
  const graph = useLiveGraph(served);
  const tester = useSavedTest(workspace, flow.name);
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
    { value: "files", label: "Files", icon: <IconFiles size={15} />, content: () => <FilesTab findings={graph.findings} /> },
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
  tabs.push({ value: "history", label: "History", icon: <IconHistory size={15} />, content: () => <HistoryTab flow={flow.name} /> });
  return <UrlTabs tabs={tabs} fill {...(graph.nodes.length === 0 && errors > 0 ? { first: "files" } : {})} />;
}

/** A flow: its graph, files, test run, chat and findings. */
export function FlowPage() {
  const workspace = useWorkspace();
  const { flow = "" } = useParams({ strict: false });
  const query = useQuery(flows.get(workspace, flow));
  const graph = useQuery(flows.graph(workspace, flow));
  const document = useFlowDocument(workspace, flow);
  const { write } = useRights(workspace);
  useEffect(warmUpLayout, []);
  const parent = { label: "Flows", target: linkOptions({ to: "/w/$workspace/flows", params: { workspace } }) };
  return (
    <Page fill>
      {!query.data && <PageHeader title={flow} parent={parent} />}
      <Loaded query={query}>
        {(found) => (
          <FlowProvider document={document}>
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
              <DocumentBar flow={found.name} />
              {write && <Actions flow={found} />}
            </PageHeader>
            <DocumentNote />
            <Loaded query={graph}>{(data) => <Tabs flow={found} served={data} />}</Loaded>
          </FlowProvider>
        )}
      </Loaded>
    </Page>
  );
}
