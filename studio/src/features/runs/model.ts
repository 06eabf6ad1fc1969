/** The types of runs, as the API gives them, under the names this feature uses. */
import type { RunLineDetail } from "@/api/types";

export type {
  ComparedLine,
  ComparedName,
  ComparedSide,
  ComparedValue,
  FlowInput,
  MetricParts,
  Run,
  RunComparison,
  RunCounts,
  RunCreate,
  RunLine,
  RunLineCounts,
  RunLineDetail,
  RunLog,
  RunStatus,
  UnreadAnswer,
} from "@/api/types";

/** What one node did on a row. */
export type NodeResult = RunLineDetail["nodes"][number];
