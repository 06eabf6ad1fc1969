import { Page, PageHeader } from "@/ui/Page";

export function JobPage() {
  return (
    <Page>
      <PageHeader title="Job" />
    </Page>
  );
}
