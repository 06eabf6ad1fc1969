import { Button, Menu, Select } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustments, IconChevronDown, IconFiles, IconPlus, IconRuler2, IconSearch, IconTimeline, IconTrash, IconVersions, IconZoomQuestion } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { linkOptions, useNavigate, useParams } from "@tanstack/react-router";
import { indexes } from "@/api/indexes";
import { indexUses } from "@/api/indexUses";
import type { Index, IndexVersion } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { ConfirmDelete } from "@/ui/ConfirmDelete";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton, GuardedItem } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { NotebookItem, useNotebook } from "@/ui/OpenNotebook";
import { Page, PageHeader } from "@/ui/Page";
import { type UrlTab, UrlTabs } from "@/ui/UrlTabs";
import { BuildTab } from "./components/BuildTab";
import { BuildsGoingOn } from "./components/BuildsGoingOn";
import { ChatButton } from "./components/ChatButton";
import { DocumentsTab } from "./components/DocumentsTab";
import { MeasuresTab } from "./components/MeasuresTab";
import { QuestionsTab } from "./components/QuestionsTab";
import { SearchTab } from "./components/SearchTab";
import { TuningTab } from "./components/TuningTab";
import { VersionsTab } from "./components/VersionsTab";
import { counted } from "./logic/built";
import { tellOrigin } from "./logic/origin";

function Actions({ index, version }: { readonly index: Index; readonly version: string }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const off = whyReadOnly(useRights(workspace));
  const notebook = useNotebook({ about: `index/${index.name}/${version}` });
  const [removing, { open, close }] = useDisclosure(false);
  const uses = useQuery({ ...indexUses(workspace, { index: index.name }), enabled: removing });
  const asking = [...new Set(uses.data?.items.map(({ endpoint, deployment }) => `${endpoint}/${deployment}`))];
  const remove = async () => {
    await indexes.remove(workspace, index.name);
    await navigate({ to: "/w/$workspace/indexes", params: { workspace } });
    client.removeQueries({ queryKey: ["indexes", workspace, index.name] });
    await client.invalidateQueries({ queryKey: ["indexes", workspace] });
  };
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <NotebookItem opening={notebook} />
          <GuardedItem color="red" off={off} leftSection={<IconTrash size={15} />} onClick={open}>
            Delete
          </GuardedItem>
        </Menu.Dropdown>
      </Menu>
      <ChatButton index={index.name} off={off} />
      <GuardedButton off={off} leftSection={<IconPlus size={16} />} onClick={() => void navigate({ to: "/w/$workspace/indexes/new", params: { workspace }, search: { of: index.name } as never })}>
        New version
      </GuardedButton>
      {notebook.dialog}
      <ConfirmDelete
        opened={removing}
        onClose={close}
        what={`index ${index.name}`}
        consequence={`All ${counted(index.versions, "version")} and their chunks go, and what searches them finds nothing any more. The data asset that they were built of stays.${
          asking.length === 0 ? "" : ` Deployments ask it, and their searches will fail: ${asking.join(", ")}.`
        }`}
        typeToConfirm={index.name}
        onConfirm={remove}
      />
    </>
  );
}

function Detail({ index, versions }: { readonly index: Index; readonly versions: readonly IndexVersion[] }) {
  const workspace = useWorkspace();
  const [chosen, choose] = useUrlState("version");
  const version = versions.find((each) => each.version === chosen || each.labels?.includes(chosen)) ?? versions.find((each) => each.version === index.latest.version) ?? index.latest;
  const tabs: UrlTab[] = [
    { value: "search", label: "Search", icon: <IconSearch size={15} />, content: () => <SearchTab version={version} /> },
    { value: "documents", label: `Documents (${formatNumber(version.documents)})`, icon: <IconFiles size={15} />, content: () => <DocumentsTab version={version} /> },
    { value: "questions", label: "Questions", icon: <IconZoomQuestion size={15} />, content: () => <QuestionsTab version={version} /> },
    { value: "measures", label: "Measures", icon: <IconRuler2 size={15} />, content: () => <MeasuresTab version={version} /> },
    { value: "configurations", label: "Configurations", icon: <IconAdjustments size={15} />, content: () => <TuningTab version={version} /> },
    { value: "build", label: "Build", icon: <IconTimeline size={15} />, content: () => <BuildTab version={version} /> },
    { value: "versions", label: `Versions (${formatNumber(versions.length)})`, icon: <IconVersions size={15} />, content: () => <VersionsTab versions={versions} /> },
  ];
  return (
    <>
      <PageHeader
        title={index.name}
        parent={{ label: "Indexes", target: linkOptions({ to: "/w/$workspace/indexes", params: { workspace } }) }}
        badge={
          <Select
            aria-label="Version"
            size="xs"
            w={170}
            data={versions.map((each) => ({ value: each.version, label: each.labels?.length ? `${each.version} (${each.labels.join(", ")})` : each.version }))}
            value={version.version}
            allowDeselect={false}
            onChange={choose}
          />
        }
        meta={
          <>
            <span>{counted(version.chunks, "chunk")}</span>
            <span>
              {index.embedding_model}, {formatNumber(index.dimensions)} dimensions
            </span>
            <span>
              of {version.source}
              {version.origin ? `, gathered from ${tellOrigin(version.origin)}` : ""}
            </span>
            <span>
              built <RelativeTime value={version.created_at} /> by {version.created_by}
            </span>
            {index.description && <span>{index.description}</span>}
          </>
        }
      >
        <Actions index={index} version={version.version} />
      </PageHeader>
      <BuildsGoingOn index={index.name} />
      <UrlTabs tabs={tabs} fill />
    </>
  );
}

/** An index: what it finds, what is in it, its versions. */
export function IndexPage() {
  const workspace = useWorkspace();
  const { name = "" } = useParams({ strict: false });
  const index = useQuery(indexes.get(workspace, name));
  const versions = useQuery(indexes.versions(workspace, name));
  return (
    <Page fill>
      <Loaded query={index}>{(found) => <Loaded query={versions}>{(items) => <Detail index={found} versions={items} />}</Loaded>}</Loaded>
    </Page>
  );
}
