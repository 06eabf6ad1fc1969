import { IconAlertTriangle, IconFiles, IconForms, IconGitBranch, IconHistory, IconLayoutList, IconMessages, IconSitemap } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { linkOptions, useParams } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { flows } from "@/api/flows";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { CopyButton } from "@/ui/CopyButton";
import { RelativeTime } from "@/ui/figures";
import { Loaded } from "@/ui/Loaded";
import { Page, PageHeader } from "@/ui/Page";
import { StatusBadge } from "@/ui/StatusBadge";
import { type UrlTab, UrlTabs } from "@/ui/UrlTabs";
import { EditorTab } from "./components/definition/EditorTab";
import { DocumentBar, DocumentNote } from "./components/DocumentBar";
import { CardsTab } from "./components/CardsTab";
import { ChatTab } from "./components/ChatTab";
import { FilesTab } from "./components/FilesTab";
import { FlowActions } from "./components/FlowActions";
import { FindingsTab } from "./components/FindingsTab";
import { GraphTab } from "./components/GraphTab";
import { HistoryTab } from "./components/HistoryTab";
import { VariantsTab } from "./components/variants/VariantsTab";
import { FLOW_KINDS, PURPOSES } from "./components/words";
import { FlowProvider, useFlow, useFlowDocument } from "./hooks/useFlowDocument";
import { warmUpLayout } from "./hooks/useFlowLayout";
import { FlowRunProvider, useFlowRun } from "./hooks/useFlowRun";
import { LastRunProvider } from "./hooks/useLastRun";
import { chatShape } from "./logic/chat";
import { declaredEnds, graphOf } from "./logic/document/graph";
import type { Flow, FlowGraph } from "./model";

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
        <span className="fy-truncate" style={{ flex: "1 1 260px", minWidth: 0 }} title={flow.description}>
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
  const text = main === null ? null : document.text(main);
  return useMemo(() => {
    if (!yaml || main === null || text === null) return served;
    if (main.startsWith("flow.dag.")) return graphOf(yaml, text, served.findings);
    const { inputs } = declaredEnds(yaml);
    return main.endsWith(".prompty") && inputs.length > 0 ? { ...served, inputs } : served;
  }, [yaml, main, text, served]);
}

function Tabs({ flow, served }: { readonly flow: Flow; readonly served: FlowGraph }) {
  const graph = useLiveGraph(served);
  const tests = useFlowRun(flow.name, graph);
  const shape = useMemo(() => chatShape(graph), [graph]);
  const isChat = flow.purpose === "chat" && shape !== null;
  const { main } = useFlow();
  const isDag = main?.startsWith("flow.dag.") ?? flow.kind === "dag";
  const errors = graph.findings.filter((finding) => finding.severity === "error").length;
  // Where a flow could not be read when it was opened, its text comes first, also once it is mended.
  const [first] = useState(() => (isDag && graph.nodes.length === 0 && errors > 0 ? "files" : null));
  const tabs: UrlTab[] = [
    ...(isDag ? [] : [{ value: "editor", label: "Editor", icon: <IconForms size={15} />, content: () => <EditorTab flow={flow.name} graph={graph} /> }]),
    { value: "graph", label: "Graph", icon: <IconSitemap size={15} />, content: () => <GraphTab flow={flow.name} graph={graph} /> },
    ...(isDag ? [{ value: "cards", label: "Cards", icon: <IconLayoutList size={15} />, content: () => <CardsTab flow={flow.name} graph={graph} /> }] : []),
    { value: "files", label: "Files", icon: <IconFiles size={15} />, content: () => <FilesTab flow={flow.name} findings={graph.findings} /> },
    ...(isDag ? [{ value: "variants", label: "Variants", icon: <IconGitBranch size={15} />, content: () => <VariantsTab flow={flow.name} graph={graph} /> }] : []),
    ...(isChat
      ? [{ value: "chat", label: "Chat", icon: <IconMessages size={15} />, content: () => <ChatTab flow={flow.name} graph={graph} shape={shape} /> }]
      : []),
    {
      value: "findings",
      label: graph.findings.length === 0 ? "Findings" : `Findings (${formatNumber(graph.findings.length)})`,
      icon: <IconAlertTriangle size={15} color={errors > 0 ? "var(--fy-bad)" : undefined} />,
      content: () => <FindingsTab flow={flow.name} findings={graph.findings} />,
    },
  ];
  tabs.push({ value: "history", label: "History", icon: <IconHistory size={15} />, content: () => <HistoryTab flow={flow.name} /> });
  return (
    <FlowRunProvider value={tests}>
      <LastRunProvider graph={graph} run={tests.run}>
        <UrlTabs tabs={tabs} fill {...(first === null ? {} : { first })} />
      </LastRunProvider>
    </FlowRunProvider>
  );
}

/** A flow: its graph, files, test run, chat and findings. */
export function FlowPage() {
  const workspace = useWorkspace();
  const { flow = "" } = useParams({ strict: false });
  const query = useQuery(flows.get(workspace, flow));
  const graph = useQuery(flows.graph(workspace, flow));
  const document = useFlowDocument(workspace, flow);
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
                    label={found.errors > 0 ? found.errors === 1 ? "1 error" : `${formatNumber(found.errors)} errors` : "Valid"}
                  />
                  <CopyButton value={found.name} label="Copy name" />
                </>
              }
              meta={<Meta flow={found} />}
            >
              <DocumentBar flow={found.name} />
              <FlowActions flow={found} />
            </PageHeader>
            <DocumentNote />
            <Loaded query={graph}>{(data) => <Tabs key={`${workspace}/${found.name}`} flow={found} served={data} />}</Loaded>
          </FlowProvider>
        )}
      </Loaded>
    </Page>
  );
}
