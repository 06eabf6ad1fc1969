import { Page, PageHeader } from "@/ui/Page";

export function ModelPage() {
  return (
    <Page>
      <PageHeader title="Model" />
    </Page>
  );
}
