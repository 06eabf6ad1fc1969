import { IconGauge, IconRouteAltLeft, IconServer } from "@tabler/icons-react";
import { Page, PageHeader } from "@/ui/Page";
import { type UrlTab, UrlTabs } from "@/ui/UrlTabs";
import { GatewaysTab } from "./components/GatewaysTab";
import { LimitsTab } from "./components/LimitsTab";
import { RoutesTab } from "./components/RoutesTab";

const TABS: UrlTab[] = [
  { value: "routes", label: "Routes", icon: <IconRouteAltLeft size={15} />, content: () => <RoutesTab /> },
  { value: "limits", label: "Limits and keys", icon: <IconGauge size={15} />, content: () => <LimitsTab /> },
  { value: "gateways", label: "Gateways", icon: <IconServer size={15} />, content: () => <GatewaysTab /> },
];

/** What every call to a model or an endpoint passes: routes, limits, and the gateways themselves. */
export function GatewayPage() {
  return (
    <Page>
      <PageHeader title="Gateway" meta="Every call to a model or an endpoint passes it: it checks the key, keeps limits, and finds what answers." />
      <UrlTabs tabs={TABS} />
    </Page>
  );
}
