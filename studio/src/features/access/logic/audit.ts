import { formatBytes, formatCount, formatNumber, formatWords } from "@/lib/format";
import type { Target } from "@/ui/links";

type Detail = Readonly<Record<string, unknown>>;

/** What was done, by the verb of its action. */
const DONE: Readonly<Record<string, string>> = {
  "snapshot.create": "Kept",
  create: "Created",
  add: "Added",
  update: "Changed",
  set: "Set",
  delete: "Deleted",
  remove: "Removed",
  deploy: "Deployed",
  upload: "Uploaded",
  write: "Wrote",
  build: "Built",
  register: "Registered",
  import: "Imported",
  pull: "Pulled",
  archive: "Archived",
  restore: "Restored",
  rename: "Renamed",
  clone: "Cloned",
  cancel: "Canceled",
  resume: "Resumed",
  revoke: "Revoked",
  verify: "Verified",
  compare: "Compared",
  measure: "Measured",
  start: "Started",
  stop: "Stopped",
  tune: "Searched configurations of",
  questions: "Made questions about",
  regenerate: "Made a new key of",
  token: "Gave a token of",
  traffic: "Moved the traffic of",
  schedule: "Scheduled the import of",
  access: "Set the access tags of",
  set_policy: "Set the policy of",
  sign_in_link: "Made a sign-in link for",
  delete_file: "Deleted a file of",
  name_version: "Named a version of",
};

/** What the first part of a target stands for. */
const NOUNS: Readonly<Record<string, string>> = {
  runs: "run",
  flows: "flow",
  endpoints: "endpoint",
  snapshots: "a copy of a flow",
  uploads: "a file",
  index: "index",
  data: "data asset",
  datastores: "datastore",
  connections: "connection",
  keys: "key",
  users: "person",
  routes: "route",
  registry: "model",
  models: "model",
  workspaces: "workspace",
  notebooks: "notebook",
  job: "job",
  limits: "the limits of",
  telemetry: "telemetry",
};

/** What nobody tells things apart by: its kind is enough, the rest is in the detail. */
const DIGEST = /(^|:)[0-9a-f]{32,}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What was done to what, as a sentence: "Deployed", "endpoint", "triage/blue". */
export interface Deed {
  readonly verb: string;
  readonly noun: string;
  readonly name: string;
}

/** Says an action, `<noun>.<verb>`, upon a target, `<noun>/<name>`. What has a digest for a name has none here. */
export function deedOf(action: string, target: string): Deed {
  const [place = "", ...rest] = target.split("/");
  const said = action.slice(action.indexOf(".") + 1);
  const name = rest.join("/");
  return { verb: DONE[action] ?? DONE[said] ?? formatWords(said), noun: NOUNS[place] ?? formatWords(place).toLowerCase(), name: DIGEST.test(name) ? "" : name };
}

/** Who did it, in words: a key is told from a person. */
export function actorWords(actor: string): { readonly name: string; readonly kind: string } {
  const [kind, ...rest] = actor.split("/");
  return rest.length === 0 ? { name: actor, kind: "" } : { name: rest.join("/"), kind: kind === "user" ? "" : (kind ?? "") };
}

const isBlank = (value: unknown) => value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

function split(value: unknown): string {
  return typeof value === "object" && value !== null ? Object.entries(value).map(([name, share]) => `${name} ${String(share)} %`).join(", ") : String(value);
}

function valueWords(key: string, value: unknown): string {
  if (typeof value === "number") return key === "bytes" ? formatBytes(value) : Number.isInteger(value) ? formatCount(value) : formatNumber(value, 2);
  if (typeof value === "string") return value.replace(/^azureml:/, "");
  return Array.isArray(value) ? value.map(String).join(", ") : JSON.stringify(value);
}

/** What a reader wants of an entry's detail, in a line. Digests, what was left as it is, and whole documents are left to the entry itself. */
export function detailWords(detail: Detail): string {
  if (!isBlank(detail.before) && !isBlank(detail.after)) return `${split(detail.before)} → ${split(detail.after)}`;
  return Object.entries(detail)
    .filter(([, value]) => !isBlank(value) && !(typeof value === "string" && DIGEST.test(value)))
    .filter(([, value]) => typeof value !== "object" || (Array.isArray(value) && value.every((each) => typeof each !== "object")))
    .map(([key, value]) => `${key === "bytes" ? "size" : key.replaceAll("_", " ")}: ${valueWords(key, value)}`)
    .join(" · ");
}

const PLACES: Readonly<Record<string, string>> = { runs: "runs/$name", flows: "flows/$flow", endpoints: "endpoints/$name", index: "indexes/$name", data: "data/$name", job: "jobs/$id" };

/** Where a target is looked at; null where it has no screen of its own. */
export function placeOf(target: string, workspace: string): Target | null {
  const [place = "", name = ""] = target.split("/");
  const path = PLACES[place];
  if (path === undefined || name === "") return null;
  return { to: `/w/$workspace/${path}`, params: { workspace, [path.slice(path.indexOf("$") + 1)]: name } };
}
