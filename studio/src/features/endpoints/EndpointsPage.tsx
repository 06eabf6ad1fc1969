import { Page, PageHeader } from "@/ui/Page";

export function EndpointsPage() {
  return (
    <Page>
      <PageHeader title="Endpoints" />
    </Page>
  );
}
