/** The types of flows, as the API gives them, under the names this feature uses. */
import type { GraphNode, NodeResult } from "@/api/types";

export type { Problem } from "@/api/problem";
export type { Finding, Flow, FlowFile, FlowGraph, FlowInput, FlowOutput, FlowTemplate, FlowTestEvent, FlowTool, GraphNode, Model, ModelExchange, NodeResult, PromptMessage, RenderedPrompt, SourceReport, ToolInput, ToolValue } from "@/api/types";

export type NodeKind = GraphNode["kind"];
export type NodeStatus = NodeResult["status"];
