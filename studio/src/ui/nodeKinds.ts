import {
  IconBraces,
  IconBrandPython,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconLoader2,
  IconMessage2,
  IconPlayerSkipForward,
  IconPlayerStop,
  IconSparkles,
  IconStack2,
  IconTool,
  type Icon,
} from "@tabler/icons-react";

import type { NodeKind, NodeResult } from "@/api/types";

export interface KindLook {
  readonly label: string;
  readonly icon: Icon;
  /** The kind's colour in both themes, a custom property of the theme. */
  readonly color: string;
}

export const NODE_KINDS: Readonly<Record<NodeKind, KindLook>> = {
  llm: { label: "LLM", icon: IconSparkles, color: "var(--fy-node-llm)" },
  prompt: { label: "Prompt", icon: IconMessage2, color: "var(--fy-node-prompt)" },
  python: { label: "Python", icon: IconBrandPython, color: "var(--fy-node-python)" },
  tool: { label: "Tool", icon: IconTool, color: "var(--fy-node-tool)" },
  aggregation: { label: "Aggregation", icon: IconStack2, color: "var(--fy-node-aggregation)" },
};

export const IO_ICON: Icon = IconBraces;

export interface StatusLook {
  readonly label: string;
  readonly icon: Icon;
}

export const NODE_STATUSES: Readonly<Record<NodeResult["status"], StatusLook>> = {
  pending: { label: "Waiting", icon: IconCircleDashed },
  running: { label: "Running", icon: IconLoader2 },
  completed: { label: "Completed", icon: IconCircleCheck },
  failed: { label: "Failed", icon: IconCircleX },
  bypassed: { label: "Bypassed", icon: IconPlayerSkipForward },
  canceled: { label: "Canceled", icon: IconPlayerStop },
};
