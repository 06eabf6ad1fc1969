import type { components } from "./schema";
import type { Problem } from "./problem";

type Schemas = components["schemas"];

export type ApiKey = Schemas["ApiKey"];
export type ApiKeyCreated = Schemas["ApiKeyCreated"];
export type AuditEntry = Schemas["AuditEntry"];
export type Connection = Schemas["Connection"];
export type ConnectionTest = Schemas["ConnectionTest"];
export type ConnectionType = Connection["type"];
export type ConnectionWrite = Schemas["ConnectionWrite"];
export type ComparedLine = Schemas["ComparedLine"];
export type ComparedName = Schemas["ComparedName"];
export type ComparedSide = Schemas["ComparedSide"];
export type ComparedValue = Schemas["ComparedValue"];
export type DataAsset = Schemas["DataAsset"];
export type DataPreview = Schemas["DataPreview"];
export type DataUpload = Schemas["DataUpload"];
export type Deployment = Schemas["Deployment"];
export type DeploymentCreate = Schemas["DeploymentCreate"];
export type Endpoint = Schemas["Endpoint"];
export type Finding = Schemas["Finding"];
export type Flow = Schemas["Flow"];
export type FlowFile = Schemas["FlowFile"];
export type FlowGraph = Schemas["FlowGraph"];
export type FlowInput = Schemas["FlowInput"];
export type FlowOutput = Schemas["FlowOutput"];
export type FlowTemplate = Schemas["FlowTemplate"];
export type GraphEdge = Schemas["GraphEdge"];
export type GraphNode = Schemas["GraphNode"];
export type Job = Schemas["Job"];
export type JobEvent = Schemas["JobEvent"];
export type JobStage = Schemas["JobStage"];
export type LogLines = Schemas["LogLines"];
export type Me = Schemas["Me"];
export type Model = Schemas["Model"];
export type ModelTask = Model["task"];
export type Money = Schemas["Money"];
export type NodeKind = GraphNode["kind"];
export type Overview = Schemas["Overview"];
export type Replica = Schemas["Replica"];
export type Role = Schemas["UserUpdate"]["role"];
export type Run = Schemas["Run"];
export type RunComparison = Schemas["RunComparison"];
export type RunCounts = Schemas["RunCounts"];
export type RunCreate = Schemas["RunCreate"];
export type RunLine = Schemas["RunLine"];
export type RunLineDetail = Schemas["RunLineDetail"];
export type RunLinePage = Schemas["RunLinePage"];
export type RunLog = Schemas["RunLog"];
export type RunStatus = Run["status"];
export type SignInLink = Schemas["SignInLink"];
export type Span = Schemas["Span"];
export type SpanKind = Span["kind"];
export type Trace = Schemas["Trace"];
export type TraceDetail = Schemas["TraceDetail"];
export type User = Schemas["User"];
export type Workspace = Schemas["Workspace"];

/** What one node did in a test run. Its error is problem details. */
export type NodeResult = Omit<Schemas["NodeResult"], "error"> & { error?: Problem | null };

/** One event of a test run's stream. Its error is problem details. */
export type FlowTestEvent = Omit<Schemas["FlowTestEvent"], "error" | "node"> & { node?: NodeResult | null; error?: Problem | null };
