import { Page, PageHeader } from "@/ui/Page";
import { UrlTabs } from "@/ui/UrlTabs";
import { AuditTab } from "./components/AuditTab";
import { EndpointsTab } from "./components/EndpointsTab";
import { KeysTab } from "./components/KeysTab";
import { UsersTab } from "./components/UsersTab";

const TABS = [
  { value: "users", label: "People", content: () => <UsersTab /> },
  { value: "keys", label: "API keys", content: () => <KeysTab /> },
  { value: "endpoints", label: "Endpoints", content: () => <EndpointsTab /> },
  { value: "audit", label: "Audit", content: () => <AuditTab /> },
];

/** Who may do what, and who did what. */
export function AccessPage() {
  return (
    <Page>
      <PageHeader title="Access" meta="People and programs of this workspace, their roles, which documents they see, and every change they made." />
      <UrlTabs tabs={TABS} />
    </Page>
  );
}
