import { Page, PageHeader } from "@/ui/Page";

export function TracesPage() {
  return (
    <Page>
      <PageHeader title="Traces" />
    </Page>
  );
}
