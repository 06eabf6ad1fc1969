import {
  IconArrowsExchange,
  IconBox,
  IconFileSearch,
  IconMathFunction,
  IconPoint,
  IconSitemap,
  IconSparkles,
  IconTool,
  IconVector,
  type Icon,
} from "@tabler/icons-react";

import type { SpanKind } from "../model";

export interface SpanLook {
  readonly label: string;
  readonly icon: Icon;
  /** A custom property of the theme: the kind's colour in both schemes. */
  readonly color: string;
}

export const SPAN_KINDS: Readonly<Record<SpanKind, SpanLook>> = {
  flow: { label: "Flow", icon: IconSitemap, color: "var(--mantine-color-indigo-5)" },
  node: { label: "Node", icon: IconBox, color: "var(--fy-node-python)" },
  llm: { label: "LLM", icon: IconSparkles, color: "var(--fy-node-llm)" },
  embedding: { label: "Embedding", icon: IconVector, color: "var(--mantine-color-grape-5)" },
  retrieval: { label: "Retrieval", icon: IconFileSearch, color: "var(--mantine-color-cyan-6)" },
  tool: { label: "Tool", icon: IconTool, color: "var(--fy-node-tool)" },
  http: { label: "HTTP", icon: IconArrowsExchange, color: "var(--fy-node-prompt)" },
  function: { label: "Function", icon: IconMathFunction, color: "var(--fy-node-python)" },
  internal: { label: "Internal", icon: IconPoint, color: "var(--fy-node-aggregation)" },
};

export const ALL_SPAN_KINDS = Object.keys(SPAN_KINDS) as readonly SpanKind[];
