import { ActionIcon, Badge, Group, Menu, SegmentedControl } from "@mantine/core";
import { IconArchive, IconArchiveOff, IconArrowUpRight, IconDots, IconLicense, IconPencil, IconPlus, IconVersions } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { registry } from "@/api/registry";
import type { RegisteredModel } from "@/api/types";
import { useRights, whyReadOnly } from "@/api/useRights";
import { useUrlState } from "@/lib/url";
import { useWorkspace } from "@/lib/workspace";
import { CopyButton } from "@/ui/CopyButton";
import { type Column, DataTable } from "@/ui/DataTable";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorPanel } from "@/ui/ErrorPanel";
import { RelativeTime } from "@/ui/figures";
import { GuardedButton, GuardedItem } from "@/ui/GuardedButton";
import { Loaded } from "@/ui/Loaded";
import { TextLink } from "@/ui/links";
import { TableSkeleton } from "@/ui/Skeletons";
import { StatusBadge } from "@/ui/StatusBadge";
import { namesFor, writeTags } from "../../logic/registry";
import { EditVersion, PromoteVersion } from "./EditVersion";
import { LicenseRulesDialog } from "./LicenseRulesDialog";
import { RegisterDialog } from "./RegisterDialog";

const KINDS: Record<RegisteredModel["type"], string> = { catalog_model: "Catalog", mlflow_model: "MLflow", custom_model: "Files" };

type Doing = "edit" | "promote" | "archive";

function StandsFor({ row }: { readonly row: RegisteredModel }) {
  const workspace = useWorkspace();
  if (row.model === null) return KINDS[row.type];
  return (
    <TextLink to="/w/$workspace/models/$name" params={{ workspace, name: row.model }} inherit>
      {row.model}
    </TextLink>
  );
}

function RowMenu({ row, off, act }: { readonly row: RegisteredModel; readonly off: string | null; readonly act: (row: RegisteredModel, doing: Doing) => void }) {
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon size={24} aria-label={`Change ${row.name} ${row.version}`}>
          <IconDots size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <GuardedItem off={off} leftSection={<IconPencil size={15} />} onClick={() => act(row, "edit")}>
          Stage, aliases, tags
        </GuardedItem>
        <GuardedItem off={off} leftSection={<IconArrowUpRight size={15} />} onClick={() => act(row, "promote")}>
          Promote
        </GuardedItem>
        <GuardedItem off={off} leftSection={row.archived ? <IconArchiveOff size={15} /> : <IconArchive size={15} />} onClick={() => act(row, "archive")}>
          {row.archived ? "Restore" : "Archive"}
        </GuardedItem>
      </Menu.Dropdown>
    </Menu>
  );
}

function columnsFor(off: string | null, act: (row: RegisteredModel, doing: Doing) => void): Column<RegisteredModel>[] {
  return [
    { id: "name", header: "Name", value: (row) => row.name },
    {
      id: "version",
      header: "Version",
      value: (row) => row.version,
      cell: (row) => (
        <Group gap={2} wrap="nowrap">
          {row.version}
          <CopyButton value={row.reference} label={`Copy ${row.reference}`} size={13} />
        </Group>
      ),
      width: 90,
    },
    { id: "model", header: "Stands for", value: (row) => row.model ?? KINDS[row.type], cell: (row) => <StandsFor row={row} /> },
    { id: "stage", header: "Stage", value: (row) => row.stage, cell: (row) => (row.stage === "None" ? "–" : <StatusBadge bare status={row.stage} tone={row.stage === "Production" ? "good" : row.stage === "Archived" ? "off" : "waiting"} label={row.stage} />), width: 130 },
    {
      id: "aliases",
      header: "Aliases",
      value: (row) => row.aliases.join(", "),
      cell: (row) => (
        <Group gap={4}>
          {row.aliases.map((alias) => (
            <Badge key={alias} variant="default" tt="none">{`@${alias}`}</Badge>
          ))}
        </Group>
      ),
    },
    { id: "license", header: "License", value: (row) => row.license, width: 130 },
    { id: "tags", header: "Tags", value: (row) => writeTags(row.tags).join(", ") },
    { id: "by", header: "Made by", value: (row) => row.created_by, width: 100 },
    { id: "made", header: "Made", align: "right", value: (row) => Date.parse(row.created_at), cell: (row) => <RelativeTime value={row.created_at} />, width: 110 },
    { id: "do", header: "Actions", value: () => undefined, sortable: false, cell: (row) => <RowMenu row={row} off={off} act={act} />, width: 80 },
  ];
}

/** Versions of models that the workspace keeps: all, or those of the names that stand for one model of the catalog. */
export function RegistryTab({ model }: { readonly model?: string }) {
  const workspace = useWorkspace();
  const client = useQueryClient();
  const off = whyReadOnly(useRights(workspace));
  const query = useQuery(registry.versions(workspace));
  const [show, setShow] = useUrlState("show", "active");
  const [open, setOpen] = useState<{ readonly row: RegisteredModel; readonly doing: Doing } | null>(null);
  const [other, setOther] = useState<"register" | "licenses" | null>(null);
  const { mutate: setArchived, error } = useMutation({
    mutationFn: (row: RegisteredModel) => registry.setArchived(workspace, row, !row.archived),
    onSuccess: () => client.invalidateQueries({ queryKey: ["registry", workspace] }),
  });
  const columns = useMemo(
    () =>
      columnsFor(off, (row, doing) => {
        if (doing === "archive") setArchived(row);
        else setOpen({ row, doing });
      }),
    [off, setArchived],
  );
  const buttons = (
    <>
      <GuardedButton off={null} size="compact-md" variant="default" leftSection={<IconLicense size={15} />} onClick={() => setOther("licenses")}>
        License rules
      </GuardedButton>
      <GuardedButton off={off} size="compact-md" leftSection={<IconPlus size={15} />} onClick={() => setOther("register")}>
        Register
      </GuardedButton>
    </>
  );
  return (
    <div style={{ display: "flex", flexDirection: "column", gap: 12 }}>
      {error && <ErrorPanel error={error} />}
      <Loaded query={query} skeleton={<TableSkeleton columns={8} />}>
        {(versions) => {
          const names = model === undefined ? null : namesFor(model, versions);
          const mine = names === null ? versions : versions.filter(({ name }) => names.has(name));
          if (mine.length === 0)
            return (
              <EmptyState icon={IconVersions} title={model === undefined ? "Nothing is registered yet" : "It is not registered in this workspace"} text="A registered model has versions that never change, with stages and aliases that deployments can name: azureml:support@champion. Files of your own, such as an MLflow model, are registered by the command flowyard model register.">
                <Group gap="sm" justify="center">
                  {buttons}
                </Group>
              </EmptyState>
            );
          return (
            <>
              <Group justify="space-between">
                <SegmentedControl
                  aria-label="Which versions"
                  size="xs"
                  data={[
                    { value: "active", label: "Active" },
                    { value: "archived", label: "Archived" },
                  ]}
                  value={show}
                  onChange={setShow}
                />
                <Group gap="sm">{buttons}</Group>
              </Group>
              <DataTable
                name="registry"
                plain
                columns={columns}
                rows={mine.filter((row) => row.archived === (show === "archived"))}
                rowId={(row) => row.reference}
                defaultSort="name"
                nothing={show === "archived" ? "Nothing is archived." : "All versions are archived."}
              />
            </>
          );
        }}
      </Loaded>
      {open?.doing === "edit" && <EditVersion version={open.row} onClose={() => setOpen(null)} />}
      {open?.doing === "promote" && <PromoteVersion version={open.row} onClose={() => setOpen(null)} />}
      {other === "register" && <RegisterDialog model={model} onClose={() => setOther(null)} />}
      {other === "licenses" && <LicenseRulesDialog onClose={() => setOther(null)} />}
    </div>
  );
}
