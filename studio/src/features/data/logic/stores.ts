import { IconBrandAws, IconBrandGit, IconBrandGoogle, IconCloud, IconCloudDataConnection, IconDatabase, IconDatabaseCog, IconFolder, IconWorld, type TablerIcon } from "@tabler/icons-react";
import type { Datastore, DatastoreType, DatastoreWrite } from "@/api/types";

/** A value that the form of a type asks for. */
export interface StoreField {
  readonly key: string;
  readonly label: string;
  readonly required?: boolean;
  readonly placeholder?: string;
  readonly description?: string;
  readonly multiline?: boolean;
  /** A credential that is no secret by itself, such as a user's name: it is seen while it is typed. */
  readonly seen?: boolean;
  /** The only values that it takes. */
  readonly options?: readonly string[];
}

/** Credentials that go together. */
export interface CredentialSet {
  readonly name: string;
  readonly label: string;
  readonly fields: readonly StoreField[];
}

/** What kind of place a type is: files are browsed, tables are listed. */
export interface StoreKind {
  readonly label: string;
  readonly about: string;
  readonly icon: TablerIcon;
  readonly group: "Files" | "Databases";
  readonly configs: readonly StoreField[];
  /** Besides these, none at all can be chosen unless `needsCredentials`. */
  readonly credentials: readonly CredentialSet[];
  /** What a place without credentials is, in words. */
  readonly open: string;
  readonly needsCredentials?: boolean;
}

const accountKey: CredentialSet = { name: "account_key", label: "Account key", fields: [{ key: "account_key", label: "Account key", required: true }] };
const sas: CredentialSet = { name: "sas_token", label: "SAS token", fields: [{ key: "sas_token", label: "SAS token", required: true, placeholder: "sv=…&sig=…" }] };
const principal: CredentialSet = {
  name: "service_principal",
  label: "Service principal",
  fields: [
    { key: "tenant_id", label: "Tenant id", required: true, seen: true },
    { key: "client_id", label: "Client id", required: true, seen: true },
    { key: "client_secret", label: "Client secret", required: true },
  ],
};
const azureEndpoint: StoreField = { key: "endpoint", label: "Endpoint", placeholder: "core.windows.net", description: "The cloud's suffix, or a whole https address." };

const login: CredentialSet = { name: "login", label: "Name and password", fields: [{ key: "username", label: "User name", required: true, seen: true }, { key: "password", label: "Password", required: true }] };

function database(label: string, port: string, about = `Tables of a ${label} database, read in transactions that only read.`): StoreKind {
  return {
    label,
    about,
    icon: IconDatabase,
    group: "Databases",
    configs: [
      { key: "host", label: "Host", required: true, placeholder: "db.example.com" },
      { key: "port", label: "Port", placeholder: port },
      { key: "database", label: "Database", required: true },
      { key: "tls", label: "TLS", placeholder: "verify-full", options: ["verify-full", "require", "disable"] },
    ],
    credentials: [login],
    open: "",
    needsCredentials: true,
  };
}

function azureDatabase(label: string, endpoint: string, port: string): StoreKind {
  return {
    ...database(label, port, `Tables of an ${label}, with Azure ML's keys.`),
    icon: IconDatabaseCog,
    configs: [
      { key: "server_name", label: "Server", required: true, description: "Without its domain." },
      { key: "database_name", label: "Database", required: true },
      { key: "port_number", label: "Port", placeholder: port },
      { key: "endpoint", label: "Endpoint", placeholder: endpoint },
    ],
  };
}

/** The types that can be connected, in the order of the wizard; keys are those of the API, which are Azure ML's. */
export const STORE_KINDS: Partial<Record<DatastoreType, StoreKind>> = {
  azure_blob: {
    label: "Azure Blob Storage",
    about: "A container of a storage account.",
    icon: IconCloud,
    group: "Files",
    configs: [{ key: "account_name", label: "Account", required: true }, { key: "container_name", label: "Container", required: true }, azureEndpoint],
    credentials: [accountKey, sas, principal],
    open: "Public: without credentials",
  },
  azure_data_lake_gen2: {
    label: "Azure Data Lake Gen2",
    about: "A file system of a storage account with folders.",
    icon: IconCloudDataConnection,
    group: "Files",
    configs: [{ key: "account_name", label: "Account", required: true }, { key: "filesystem", label: "File system", required: true }, azureEndpoint],
    credentials: [accountKey, sas, principal],
    open: "Public: without credentials",
  },
  aws_s3: {
    label: "Amazon S3",
    about: "A bucket of S3, or of what speaks its protocol: MinIO, Ceph, R2.",
    icon: IconBrandAws,
    group: "Files",
    configs: [
      { key: "bucket_name", label: "Bucket", required: true },
      { key: "prefix", label: "Prefix", description: "Only what is below it." },
      { key: "region", label: "Region", placeholder: "us-east-1" },
      { key: "endpoint", label: "Endpoint", placeholder: "https://minio.example.com", description: "For other servers than Amazon's." },
    ],
    credentials: [
      {
        name: "access_key",
        label: "Access key",
        fields: [
          { key: "access_key_id", label: "Access key id", required: true, seen: true },
          { key: "secret_access_key", label: "Secret access key", required: true },
          { key: "session_token", label: "Session token", description: "Of temporary credentials." },
        ],
      },
    ],
    open: "Public: without credentials",
  },
  gcs: {
    label: "Google Cloud Storage",
    about: "A bucket of Google Cloud Storage.",
    icon: IconBrandGoogle,
    group: "Files",
    configs: [{ key: "bucket_name", label: "Bucket", required: true }, { key: "prefix", label: "Prefix", description: "Only what is below it." }],
    credentials: [{ name: "service_account", label: "Service account", fields: [{ key: "service_account_key", label: "Key file (JSON)", required: true, multiline: true, placeholder: '{"type": "service_account", …}' }] }],
    open: "Public: without credentials",
  },
  git: {
    label: "Git",
    about: "A repository at a branch, tag or commit. It is only read, and nothing of it is run.",
    icon: IconBrandGit,
    group: "Files",
    configs: [{ key: "url", label: "Address", required: true, placeholder: "https://host/organization/repository.git" }, { key: "ref", label: "Branch, tag or commit", placeholder: "HEAD" }],
    credentials: [{ name: "token", label: "Token", fields: [{ key: "token", label: "Token", required: true }] }],
    open: "Public: without credentials",
  },
  http: {
    label: "Web server",
    about: "Files below an address. It can be read, not listed and not written.",
    icon: IconWorld,
    group: "Files",
    configs: [{ key: "url", label: "Address", required: true, placeholder: "https://data.example.com/sets" }],
    credentials: [
      { name: "token", label: "Token", fields: [{ key: "token", label: "Token", required: true }] },
      { name: "basic", label: "Name and password", fields: [{ key: "username", label: "User name", required: true, seen: true }, { key: "password", label: "Password", required: true }] },
    ],
    open: "Public: without credentials",
  },
  local_folder: {
    label: "Folder of the server",
    about: "A folder of the machine that Flowyard runs on, below one that its operator names (FLOWYARD_DATA_ROOTS).",
    icon: IconFolder,
    group: "Files",
    configs: [{ key: "path", label: "Folder", required: true, placeholder: "/data/papers" }],
    credentials: [],
    open: "None is needed",
  },
  postgresql: database("PostgreSQL", "5432"),
  mysql: database("MySQL", "3306"),
  mssql: database("SQL Server", "1433"),
  sqlite: {
    label: "SQLite",
    about: "A database file of the server's machine, below a folder that its operator names (FLOWYARD_DATA_ROOTS).",
    icon: IconDatabase,
    group: "Databases",
    configs: [{ key: "path", label: "File", required: true, placeholder: "/data/shop.db" }],
    credentials: [],
    open: "None is needed",
  },
  azure_sql_database: azureDatabase("Azure SQL Database", "database.windows.net", "1433"),
  azure_postgresql: azureDatabase("Azure Database for PostgreSQL", "postgres.database.azure.com", "5432"),
  azure_mysql: azureDatabase("Azure Database for MySQL", "mysql.database.azure.com", "3306"),
};

/** The label of a type; one that this studio does not know is shown as it is. */
export function labelOf(type: DatastoreType): string {
  return STORE_KINDS[type]?.label ?? type;
}

/** Why nothing can be written into a datastore of a type; null where it can. */
export function whyOnlyRead(type: DatastoreType): string | null {
  if (type === "http") return "A web server can be read only.";
  return type === "git" ? "A Git repository can be read only." : null;
}

/** Whether a datastore has tables instead of files. */
export function isDatabase(store: Pick<Datastore, "type">): boolean {
  return STORE_KINDS[store.type]?.group === "Databases";
}

/** Where a datastore is, in a few words: what its configuration says, without secrets. */
export function placeOf(store: Pick<Datastore, "configs" | "built_in">): string {
  if (store.built_in) return "the home folder";
  const { account_name: account, container_name: container, filesystem, bucket_name: bucket, prefix, path, url, host, server_name: server, database, database_name: named, ...others } = store.configs;
  const machine = host ?? server;
  if (machine) return `${machine}/${database ?? named ?? ""}`;
  const main = account ? `${account}/${container ?? filesystem ?? ""}` : (bucket ?? path ?? url ?? Object.values(others)[0] ?? "–");
  return prefix ? `${main}/${prefix}` : main;
}

/** What the wizard asked so far. `credential` is the name of a set, empty for none. */
export interface StoreDraft {
  readonly type: DatastoreType;
  readonly name: string;
  readonly description: string;
  readonly configs: Readonly<Record<string, string>>;
  readonly credential: string;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Where the wizard begins for a type. */
export function draftFor(type: DatastoreType): StoreDraft {
  return { type, name: "", description: "", configs: {}, credential: STORE_KINDS[type]?.credentials[0]?.name ?? "", secrets: {} };
}

function asked(draft: StoreDraft): readonly StoreField[] {
  return STORE_KINDS[draft.type]?.credentials.find((set) => set.name === draft.credential)?.fields ?? [];
}

/** What is missing or wrong, by the key of its field; empty when the draft can be sent. */
export function problemsOf(draft: StoreDraft): Record<string, string> {
  const problems: Record<string, string> = {};
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(draft.name)) problems.name = "1 to 100 letters, digits and _ -, a letter or digit first";
  for (const field of STORE_KINDS[draft.type]?.configs ?? []) if (field.required && !draft.configs[field.key]?.trim()) problems[field.key] = "Needed";
  for (const field of asked(draft)) if (field.required && !draft.secrets[field.key]?.trim()) problems[field.key] = "Needed";
  return problems;
}

function filled(values: Readonly<Record<string, string>>, fields: readonly StoreField[]): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap(({ key }) => {
      const value = values[key]?.trim() ?? "";
      return value === "" ? [] : [[key, value] as const];
    }),
  );
}

/** The request that a draft is. */
export function toWrite(draft: StoreDraft): DatastoreWrite {
  const description = draft.description.trim();
  return {
    name: draft.name,
    type: draft.type,
    tags: {},
    configs: filled(draft.configs, STORE_KINDS[draft.type]?.configs ?? []),
    secrets: filled(draft.secrets, asked(draft)),
    ...(description === "" ? {} : { description }),
  };
}

function scalar(value: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9 ._/-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|[\d.]+)$/i.test(value) ? value : JSON.stringify(value);
}

/** The same as Azure ML's YAML; secrets are left to the environment of the command. */
export function yamlOf(draft: StoreDraft): string {
  const write = toWrite(draft);
  const lines = [`name: ${write.name === "" ? "NAME" : write.name}`, `type: ${write.type}`];
  if (write.description) lines.push(`description: ${scalar(write.description)}`);
  for (const [key, value] of Object.entries(write.configs ?? {})) lines.push(`${key}: ${scalar(value)}`);
  const secrets = asked(draft).filter((field) => field.required === true || write.secrets?.[field.key] !== undefined);
  if (secrets.length > 0) lines.push("credentials:", ...secrets.map(({ key }) => `  ${key}: \${env:${key.toUpperCase()}}`));
  return lines.join("\n");
}
