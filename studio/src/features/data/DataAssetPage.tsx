import { Badge, Button, Menu, Paper, Select, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArchive, IconArchiveOff, IconArrowsSplit2, IconBinaryTree2, IconChevronDown, IconCode, IconDownload, IconFilterCog, IconInfoCircle, IconPlayerPlay, IconPlus, IconRefresh, IconTable, IconVersions } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { linkOptions, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { data } from "@/api/data";
import type { DataAsset } from "@/api/types";
import { transforms } from "@/api/transforms";
import { useRights, whyReadOnly } from "@/api/useRights";
import { formatBytes, formatNumber } from "@/lib/format";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CopyButton } from "@/ui/CopyButton";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton, GuardedItem } from "@/ui/GuardedButton";
import { KeyValue } from "@/ui/KeyValue";
import { Loaded } from "@/ui/Loaded";
import { TextLink } from "@/ui/links";
import { LineageView } from "@/ui/lineage/LineageView";
import { NotebookItem, useNotebook } from "@/ui/OpenNotebook";
import { Page, PageHeader } from "@/ui/Page";
import { type UrlTab, UrlTabs } from "@/ui/UrlTabs";
import { NewVersion } from "./components/NewVersion";
import { DataLook } from "./components/DataLook";
import { SplitDialog } from "./components/SplitDialog";
import { Tags } from "./components/StoreFacts";
import { UseTab } from "./components/UseTab";
import { VersionsTab } from "./components/VersionsTab";
import { originOf, tracesOf } from "./logic/origin";

const SHOWN_TRACES = 50;

function Traces({ asset }: { readonly asset: DataAsset }) {
  const workspace = useWorkspace();
  const traces = tracesOf(asset);
  return (
    <Stack gap={2}>
      {traces.slice(0, SHOWN_TRACES).map((traceId) => (
        <TextLink key={traceId} to="/w/$workspace/traces/$traceId" params={{ workspace, traceId }} inherit>
          {traceId}
        </TextLink>
      ))}
      {traces.length > SHOWN_TRACES && <span>and {formatNumber(traces.length - SHOWN_TRACES)} more</span>}
    </Stack>
  );
}

function Facts({ asset }: { readonly asset: DataAsset }) {
  const { q, since, until } = asset.origin;
  return (
    <Paper p="md" maw={860}>
      <KeyValue
        entries={[
          ["Reference", asset.reference],
          ["Description", asset.description],
          ["Type", asset.type],
          ["Rows", asset.rows === null ? "not counted" : formatNumber(asset.rows)],
          ["Size", `${formatBytes(asset.bytes)} in ${formatNumber(asset.files)} ${asset.files === 1 ? "file" : "files"}`],
          ["Fingerprint", <span style={{ overflowWrap: "anywhere" }}>{asset.fingerprint}</span>],
          ["Tags", Object.keys(asset.tags).length > 0 && <Tags key="tags" tags={asset.tags} />],
          ["Made", <RelativeTime value={asset.created_at} />],
          ["By", asset.created_by],
          ["Made from", originOf(asset)],
          ["Search", typeof q === "string" && q],
          ["Since", typeof since === "string" && since],
          ["Until", typeof until === "string" && until],
          ["Traces", tracesOf(asset).length > 0 && <Traces asset={asset} />],
        ]}
      />
    </Paper>
  );
}

/** Whether a version was made by steps, which can be gone through again. */
function refreshable(asset: DataAsset): boolean {
  return asset.origin.kind === "transform";
}

function Actions({ asset }: { readonly asset: DataAsset }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const navigate = useNavigate();
  const off = whyReadOnly(useRights(workspace));
  const [opened, { open, close }] = useDisclosure(false);
  const rerun = useMutation({
    mutationFn: () => transforms.rerun(workspace, asset.name, asset.version, true),
    onSuccess: (job) => navigate({ to: "/w/$workspace/jobs/$id", params: { workspace, id: job.id } }),
  });
  const [splitting, setSplitting] = useState(false);
  const notebook = useNotebook({ about: `data/${asset.name}/${asset.version}` });
  const change = useMutation({
    mutationFn: () => (asset.archived ? data.restore(workspace, asset.name) : data.archive(workspace, asset.name)),
    onSuccess: () => client.invalidateQueries({ queryKey: ["data", workspace] }),
  });
  return (
    <>
      {(change.error ?? rerun.error) && <ErrorPanel error={change.error ?? rerun.error} />}
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} />} loading={change.isPending}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {asset.type === "uri_file" && (
            <Menu.Item component="a" href={data.filePath(workspace, asset.name, asset.version)} leftSection={<IconDownload size={15} />}>
              Download
            </Menu.Item>
          )}
          <NotebookItem opening={notebook} />
          <GuardedItem off={off} leftSection={<IconArrowsSplit2 size={15} />} onClick={() => setSplitting(true)}>
            Split
          </GuardedItem>
          {refreshable(asset) && (
            <GuardedItem off={off} leftSection={<IconRefresh size={15} />} onClick={() => rerun.mutate()}>
              Make it again
            </GuardedItem>
          )}
          <GuardedItem off={off} leftSection={asset.archived ? <IconArchiveOff size={15} /> : <IconArchive size={15} />} onClick={() => change.mutate()}>
            {asset.archived ? "Restore" : "Archive"}
          </GuardedItem>
        </Menu.Dropdown>
      </Menu>
      <GuardedButton off={off} variant="default" leftSection={<IconPlus size={15} />} onClick={open}>
        New version
      </GuardedButton>
      <GuardedButton
        off={off}
        variant={asset.rows === null ? "filled" : "default"}
        leftSection={<IconFilterCog size={15} />}
        onClick={() => void navigate({ to: "/w/$workspace/data/transform/$name", params: { workspace, name: asset.name }, search: { version: asset.version } as never })}
      >
        Transform
      </GuardedButton>
      {asset.rows !== null && (
        <GuardedButton off={off} leftSection={<IconPlayerPlay size={16} />} onClick={() => void navigate({ to: "/w/$workspace/runs/new", params: { workspace }, search: { data: asset.reference } as never })}>
          Run a flow over it
        </GuardedButton>
      )}
      {notebook.dialog}
      {splitting && <SplitDialog asset={asset} onClose={() => setSplitting(false)} />}
      {opened && <NewVersion onClose={close} asset={asset.name} />}
    </>
  );
}

function Detail({ versions }: { readonly versions: readonly DataAsset[] }) {
  const workspace = useWorkspace();
  const [chosen, choose] = useUrlState("version");
  const asset = versions.find((each) => each.version === chosen) ?? versions[0];
  if (!asset) return null;
  const tabs: UrlTab[] = [
    { value: "preview", label: "Preview", icon: <IconTable size={15} />, content: () => <DataLook key={asset.version} source={{ name: asset.name, version: asset.version }} /> },
    { value: "versions", label: `Versions (${formatNumber(versions.length)})`, icon: <IconVersions size={15} />, content: () => <VersionsTab versions={versions} /> },
    { value: "lineage", label: "Lineage", icon: <IconBinaryTree2 size={15} />, content: () => <LineageView key={asset.reference} of={asset.reference} /> },
    { value: "use", label: "Use it", icon: <IconCode size={15} />, content: () => <UseTab asset={asset} /> },
    { value: "details", label: "Details", icon: <IconInfoCircle size={15} />, content: () => <Facts asset={asset} /> },
  ];
  return (
    <>
      <PageHeader
        title={asset.name}
        parent={{ label: "Data", target: linkOptions({ to: "/w/$workspace/data", params: { workspace } }) }}
        badge={
          <>
            <Select
              aria-label="Version"
              size="xs"
              w={150}
              data={versions.map((each, index) => ({ value: each.version, label: index === 0 ? `${each.version} (latest)` : each.version }))}
              value={asset.version}
              allowDeselect={false}
              onChange={choose}
            />
            {asset.archived && <Badge variant="default">archived</Badge>}
            <CopyButton value={asset.reference} label="Copy reference" />
          </>
        }
        meta={
          <>
            {asset.rows !== null && (
              <span>
                {formatNumber(asset.rows)} {asset.rows === 1 ? "row" : "rows"}
              </span>
            )}
            <span>{formatBytes(asset.bytes)}</span>
            <span>from {originOf(asset)}</span>
            <span>
              made <RelativeTime value={asset.created_at} /> by {asset.created_by}
            </span>
          </>
        }
      >
        <Actions asset={asset} />
      </PageHeader>
      <UrlTabs tabs={tabs} fill />
    </>
  );
}

/** A data asset: its versions, their rows, what they were made from. */
export function DataAssetPage() {
  const workspace = useWorkspace();
  const { name = "" } = useParams({ strict: false });
  const query = useQuery(data.versions(workspace, name));
  return (
    <Page fill>
      <Loaded query={query}>{({ items }) => <Detail versions={items} />}</Loaded>
    </Page>
  );
}
