import { Page, PageHeader } from "@/ui/Page";

export function ConnectionPage() {
  return (
    <Page>
      <PageHeader title="Connection" />
    </Page>
  );
}
