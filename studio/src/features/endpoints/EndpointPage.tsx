import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChartHistogram, IconCloudUp, IconCode, IconDots, IconFlask, IconHistory, IconKey, IconListDetails, IconTerminal2, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { linkOptions, useNavigate, useParams } from "@tanstack/react-router";
import { endpoints } from "@/api/endpoints";
import type { Endpoint } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useWorkspace } from "@/lib/workspace";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { CopyButton } from "@/ui/CopyButton";
import { RelativeTime } from "@/ui/figures";
import { GuardedItem } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { ButtonLink, TextLink } from "@/ui/links";
import { NotebookItem, useNotebook } from "@/ui/OpenNotebook";
import { Page, PageHeader } from "@/ui/Page";
import { type UrlTab, UrlTabs } from "@/ui/UrlTabs";
import { ConsumeTab } from "./components/ConsumeTab";
import { DetailsTab } from "./components/DetailsTab";
import { EndpointState } from "./components/EndpointState";
import { HistoryTab } from "./components/HistoryTab";
import { KeysTab } from "./components/KeysTab";
import { LogsTab } from "./components/LogsTab";
import { MonitoringTab } from "./components/MonitoringTab";
import { TestTab } from "./components/TestTab";
import { servedBy } from "./logic/state";

function Actions({ endpoint }: { readonly endpoint: Endpoint }) {
  const workspace = useWorkspace();
  const off = whyReadOnly(useRights(workspace));
  const navigate = useNavigate();
  const client = useQueryClient();
  const [deleting, remove] = useDisclosure(false);
  const notebook = useNotebook({ about: `endpoint/${endpoint.name}` });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon size={34} variant="default" aria-label="More actions">
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <NotebookItem opening={notebook} />
          <GuardedItem color="red" leftSection={<IconTrash size={15} />} off={off} onClick={remove.open}>
            Delete endpoint
          </GuardedItem>
        </Menu.Dropdown>
      </Menu>
      <ButtonLink off={off} leftSection={<IconCloudUp size={16} />} to="/w/$workspace/deploy" params={{ workspace }} search={{ endpoint: endpoint.name } as never}>
        Add deployment
      </ButtonLink>
      {notebook.dialog}
      <ConfirmDelete
        opened={deleting}
        onClose={remove.close}
        what={`endpoint ${endpoint.name}`}
        consequence={`Its address stops answering at once, and its ${endpoint.deployments.length === 1 ? "deployment is" : "deployments are"} stopped. Traces and logs stay.`}
        typeToConfirm={endpoint.name}
        onConfirm={async () => {
          await endpoints.remove(workspace, endpoint.name);
          await navigate({ to: "/w/$workspace/endpoints", params: { workspace } });
          void client.invalidateQueries({ queryKey: endpoints.list(workspace).queryKey });
        }}
      />
    </>
  );
}

function Meta({ endpoint }: { readonly endpoint: Endpoint }) {
  const workspace = useWorkspace();
  const served = servedBy(endpoint);
  return (
    <>
      {served !== "" && <span>{served}</span>}
      <span>
        changed <RelativeTime value={endpoint.updated_at} />
      </span>
      <TextLink to="/w/$workspace/traces" params={{ workspace }} search={{ endpoint: endpoint.name } as never} inherit>
        Traces
      </TextLink>
      {endpoint.description && (
        <span className="fy-truncate" style={{ maxWidth: 480 }} title={endpoint.description}>
          {endpoint.description}
        </span>
      )}
    </>
  );
}

function Tabs({ endpoint }: { readonly endpoint: Endpoint }) {
  const tabs: UrlTab[] = [
    { value: "details", label: "Details", icon: <IconListDetails size={15} />, content: () => <DetailsTab endpoint={endpoint} /> },
    { value: "test", label: "Test", icon: <IconFlask size={15} />, content: () => <TestTab endpoint={endpoint} /> },
    { value: "consume", label: "Consume", icon: <IconCode size={15} />, content: () => <ConsumeTab endpoint={endpoint} /> },
    { value: "monitoring", label: "Monitoring", icon: <IconChartHistogram size={15} />, content: () => <MonitoringTab endpoint={endpoint} /> },
    { value: "keys", label: "Keys", icon: <IconKey size={15} />, content: () => <KeysTab endpoint={endpoint} /> },
    { value: "history", label: "History", icon: <IconHistory size={15} />, content: () => <HistoryTab endpoint={endpoint} /> },
    { value: "logs", label: "Logs", icon: <IconTerminal2 size={15} />, content: () => <LogsTab endpoint={endpoint} /> },
  ];
  return <UrlTabs tabs={tabs} fill />;
}

/** An endpoint: its deployments and traffic, a place to try it, code that calls it, its logs. */
export function EndpointPage() {
  const workspace = useWorkspace();
  const { name = "" } = useParams({ strict: false });
  const query = useQuery(endpoints.get(workspace, name));
  const parent = { label: "Endpoints", target: linkOptions({ to: "/w/$workspace/endpoints", params: { workspace } }) };
  return (
    <Page fill>
      {!query.data && <PageHeader title={name} parent={parent} />}
      <Loaded query={query}>
        {(endpoint) => (
          <>
            <PageHeader
              title={endpoint.name}
              parent={parent}
              badge={
                <>
                  <EndpointState endpoint={endpoint} />
                  <CopyButton value={`${window.location.origin}${endpoint.scoring_path}`} label="Copy address" />
                </>
              }
              meta={<Meta endpoint={endpoint} />}
            >
              <Actions endpoint={endpoint} />
            </PageHeader>
            <Tabs endpoint={endpoint} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
