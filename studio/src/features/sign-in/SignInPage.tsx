import { Page, PageHeader } from "@/ui/Page";

export function SignInPage() {
  return (
    <Page>
      <PageHeader title="Sign" />
    </Page>
  );
}
