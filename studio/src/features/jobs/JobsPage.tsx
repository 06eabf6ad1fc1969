import { Page, PageHeader } from "@/ui/Page";

export function JobsPage() {
  return (
    <Page>
      <PageHeader title="Jobs" />
    </Page>
  );
}
