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
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(form.name)) problems.name = "Letters, digits, dots, hyphens and underscores; at most 63";
  const kind = KINDS[form.type];
  for (const field of kind.fields) {
    const kept = field.secret && setSecrets.includes(field.key);
    if (field.required && !kept && !form.values[field.key]?.trim()) problems[field.key] = "Needed";
  }
  if (kind.open && form.pairs.every((pair) => !pair.key.trim())) problems.pairs = "Give at least one key";
  return problems;
}

interface Values {
  configs: Record<string, string>;
  secrets: Record<string, string>;
}

function valuesOfPairs(pairs: readonly Pair[]): Values {
  const values: Values = { configs: {}, secrets: {} };
  for (const pair of pairs) {
    const key = pair.key.trim();
    if (!key) continue;
    if (pair.secret) values.secrets[key] = pair.kept && !pair.value ? KEPT : pair.value;
    else values.configs[key] = pair.value;
  }
  return values;
}

function valuesOfFields(form: ConnectionForm, setSecrets: readonly string[]): Values {
  const { fields } = KINDS[form.type];
  const known = new Set(fields.map((field) => field.key));
  // Keys that the form does not ask for are kept as they are.
  const values: Values = { configs: Object.fromEntries(Object.entries(form.values).filter(([key, value]) => !known.has(key) && value)), secrets: {} };
  for (const field of fields) {
    const value = form.values[field.key]?.trim() ?? "";
    if (value) values[field.secret ? "secrets" : "configs"][field.key] = value;
    else if (field.secret && setSecrets.includes(field.key)) values.secrets[field.key] = KEPT;
  }
  return values;
}

/** The request for a form. Secrets that were left alone are kept. */
export function toWrite(form: ConnectionForm, setSecrets: readonly string[]): ConnectionWrite {
  const values = KINDS[form.type].open ? valuesOfPairs(form.pairs) : valuesOfFields(form, setSecrets);
  return { name: form.name, type: form.type, ...values };
}
