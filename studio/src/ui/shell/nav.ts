import { IconActivity, IconBox, IconChartHistogram, IconDatabase, IconFileSearch, IconHome2, IconListCheck, IconPlugConnected, IconRoute, IconRouteAltLeft, IconShieldLock, IconSql, IconStack2, IconTimelineEvent, type TablerIcon } from "@tabler/icons-react";

/** A place in the left rail. */
export interface Place {
  label: string;
  to: `/w/$workspace${string}`;
  icon: TablerIcon;
}

/** The lifecycle, in order. A stage appears when it works. */
export const LIFECYCLE: Place[] = [
  { label: "Home", to: "/w/$workspace", icon: IconHome2 },
  { label: "Data", to: "/w/$workspace/data", icon: IconDatabase },
  { label: "Indexes", to: "/w/$workspace/indexes", icon: IconFileSearch },
  { label: "Models", to: "/w/$workspace/models", icon: IconBox },
  { label: "Flows", to: "/w/$workspace/flows", icon: IconRoute },
  { label: "Runs", to: "/w/$workspace/runs", icon: IconListCheck },
  { label: "Endpoints", to: "/w/$workspace/endpoints", icon: IconActivity },
];

/** What serves every stage. */
export const SERVICES: Place[] = [
  { label: "Traces", to: "/w/$workspace/traces", icon: IconTimelineEvent },
  { label: "Logs", to: "/w/$workspace/logs", icon: IconSql },
  { label: "Usage", to: "/w/$workspace/usage", icon: IconChartHistogram },
  { label: "Gateway", to: "/w/$workspace/gateway", icon: IconRouteAltLeft },
  { label: "Jobs", to: "/w/$workspace/jobs", icon: IconStack2 },
  { label: "Connections", to: "/w/$workspace/connections", icon: IconPlugConnected },
  { label: "Access", to: "/w/$workspace/access", icon: IconShieldLock },
];
