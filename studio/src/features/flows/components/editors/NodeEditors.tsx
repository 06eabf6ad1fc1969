import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ComponentType, ReactNode } from "react";
import type { Document } from "yaml";
import { flows } from "@/api/flows";
import { useRights } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { CodeBlock } from "@/ui/CodeBlock";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { Loaded } from "@/ui/Loaded";
import { useFlow } from "../../hooks/useFlowDocument";
import { nodesOf } from "../../logic/edits/references";
import { settingsOf } from "../../logic/edits/settings";
import { isModelInput } from "../../logic/parameters";
import type { FlowGraph, GraphNode } from "../../model";
import { DeclaredInputs } from "../DeclaredInputs";
import { FileLink } from "../FileLink";
import { NodeInputs } from "../NodeInputs";
import { ToolInputs } from "../ToolInputs";
import { LlmFields } from "./LlmFields";
import { PromptEditor } from "./PromptEditor";
import { PythonEditor } from "./PythonEditor";
import { WhenFields } from "./WhenFields";

/** The inputs of a package's tool as a form; as they are written while the package cannot be asked, or by whoever may not change them. */
function ToolSection({ flow, node }: { readonly flow: string; readonly node: GraphNode }) {
  const workspace = useWorkspace();
  const { write } = useRights(workspace);
  const tools = useQuery({ ...flows.tools(workspace, flow), enabled: write });
  const tool = tools.data?.items.find((found) => found.id === node.tool);
  if (tool) return <ToolInputs flow={flow} node={node} tool={tool} />;
  return (
    <>
      <DeclaredInputs node={node} />
      {tools.error && (
        <ErrorPanel
          error={tools.error}
          onRetry={() => {
            void tools.refetch();
          }}
        />
      )}
    </>
  );
}

function SourceText({ flow, path }: { readonly flow: string; readonly path: string }) {
  const workspace = useWorkspace();
  const file = useQuery(flows.file(workspace, flow, path));
  return (
    <Loaded
      query={file}
      skeleton={
        <Text size="sm" c="dimmed">
          Reading {path}
        </Text>
      }
    >
      {({ content }) =>
        typeof content === "string" ? (
          <CodeBlock code={content} label={`Copy ${path}`} maxHeight={320} />
        ) : (
          <Text size="sm" c="dimmed">
            A binary file.
          </Text>
        )
      }
    </Loaded>
  );
}

/** Whether the flow's YAML has the node, so that it can be renamed, copied and deleted. */
export function hasNode(yaml: Document | null, name: string): boolean {
  return yaml !== null && nodesOf(yaml).some((node) => node.get("name") === name);
}

/** Whether the flow's YAML has the node with inputs of its own; one with variants has them in these, and is changed under Files. */
function isOwnNode(yaml: Document | null, name: string): boolean {
  return yaml !== null && nodesOf(yaml).some((node) => node.get("name") === name && node.get("use_variants") !== true);
}

/** A titled part of where the editors are shown. */
export type EditorPart = ComponentType<{ title: ReactNode; aside?: ReactNode; children: ReactNode }>;

interface NodeEditorsProps {
  readonly flow: string;
  readonly graph: FlowGraph;
  readonly node: GraphNode;
  readonly Part: EditorPart;
}

/** The node's file: an editor for its kind where it `isOwn`, else its text. */
function Source({ flow, graph, node, Part, isOwn }: NodeEditorsProps & { readonly isOwn: boolean }) {
  const path = node.source;
  if (!path) return null;
  const isPython = path.endsWith(".py");
  const Editor = isPython ? PythonEditor : PromptEditor;
  return (
    <Part title={isPython ? "Code" : "Prompt"} aside={<FileLink flow={flow} path={path} />}>
      {isOwn ? <Editor key={path} flow={flow} graph={graph} node={node} path={path} /> : <SourceText flow={flow} path={path} />}
    </Part>
  );
}

/** All that a node says, to be edited: by who may, and where the node says it itself. The same in its card and in the graph's panel. */
export function NodeEditors({ flow, graph, node, Part }: NodeEditorsProps) {
  const { yaml, readOnly } = useFlow();
  const own = readOnly === null && isOwnNode(yaml, node.name) ? yaml : null;
  if (own === null)
    return (
      <>
        <Part title="Inputs">
          <DeclaredInputs node={node} />
        </Part>
        <Source flow={flow} graph={graph} node={node} Part={Part} isOwn={false} />
      </>
    );
  const isLlm = node.kind === "llm";
  const settings = settingsOf(own, node.name);
  return (
    <>
      {isLlm && (
        <Part title="Model">
          <LlmFields node={node} settings={settings} />
        </Part>
      )}
      <Source flow={flow} graph={graph} node={node} Part={Part} isOwn />
      <Part title="Inputs">
        {node.tool ? <ToolSection key={node.name} flow={flow} node={node} /> : <NodeInputs node={node} isHidden={isLlm ? isModelInput : undefined} />}
      </Part>
      <Part title="When it runs">
        <WhenFields node={node} settings={settings} />
      </Part>
    </>
  );
}
