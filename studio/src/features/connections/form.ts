import type { Connection, ConnectionType, ConnectionWrite } from "@/api/types";
import { KEPT, KINDS } from "./kinds";

/** A key of a custom connection. `kept`: a secret that is set and is not being replaced. */
export interface Pair {
  id: number;
  key: string;
  value: string;
  secret: boolean;
  kept: boolean;
}

export interface ConnectionForm {
  name: string;
  type: ConnectionType;
  values: Record<string, string>;
  pairs: Pair[];
}

/** The form's start: empty, or what a connection has. */
export function initialForm(connection: Connection | undefined): ConnectionForm {
  if (!connection) return { name: "", type: "azure_open_ai", values: {}, pairs: [{ id: 0, key: "", value: "", secret: false, kept: false }] };
  const configs = Object.entries(connection.configs).map(([key, value]) => ({ key, value, secret: false, kept: false }));
  const secrets = connection.secrets.map((key) => ({ key, value: "", secret: true, kept: true }));
  const pairs = [...configs, ...secrets].map((pair, id) => ({ ...pair, id }));
  return { name: connection.name, type: connection.type, values: { ...connection.configs }, pairs };
}

/** What is missing or wrong, by field; empty when the form can be sent. */
export function problemsOf(form: ConnectionForm, setSecrets: readonly string[]): Record<string, string> {
  const problems: Record<string, string> = {};
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(form.name)) problems["name"] = "Letters, digits, dots, hyphens and underscores; at most 63";
  const kind = KINDS[form.type];
  for (const field of kind.fields) {
    const kept = field.secret && setSecrets.includes(field.key);
    if (field.required && !kept && !form.values[field.key]?.trim()) problems[field.key] = "Needed";
  }
  if (kind.open && form.pairs.every((pair) => !pair.key.trim())) problems["pairs"] = "Give at least one key";
  return problems;
}

/** The request for a form. Secrets that were left alone are kept. */
export function toWrite(form: ConnectionForm, setSecrets: readonly string[]): ConnectionWrite {
  const configs: Record<string, string> = {};
  const secrets: Record<string, string> = {};
  const kind = KINDS[form.type];
  if (kind.open) {
    for (const pair of form.pairs) {
      const key = pair.key.trim();
      if (!key) continue;
      if (pair.secret) secrets[key] = pair.kept && !pair.value ? KEPT : pair.value;
      else configs[key] = pair.value;
    }
    return { name: form.name, type: form.type, configs, secrets };
  }
  const known = new Set(kind.fields.map((field) => field.key));
  for (const [key, value] of Object.entries(form.values)) if (!known.has(key) && value) configs[key] = value;
  for (const field of kind.fields) {
    const value = form.values[field.key]?.trim() ?? "";
    if (!field.secret) {
      if (value) configs[field.key] = value;
    } else if (value) secrets[field.key] = value;
    else if (setSecrets.includes(field.key)) secrets[field.key] = KEPT;
  }
  return { name: form.name, type: form.type, configs, secrets };
}
