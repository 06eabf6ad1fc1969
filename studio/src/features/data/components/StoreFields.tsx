import { PasswordInput, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import type { DatastoreType } from "@/api/types";
import { STORE_KINDS, type StoreDraft, type StoreField, type StoreKind } from "../logic/stores";
import classes from "./Data.module.css";

interface TypePickerProps {
  readonly value: DatastoreType;
  readonly onChange: (type: DatastoreType) => void;
}

function TypeTile({ type, kind, chosen, onChoose }: { readonly type: string; readonly kind: StoreKind; readonly chosen: boolean; readonly onChoose: () => void }) {
  return (
    <button type="button" role="radio" aria-checked={chosen} className={classes.type} onClick={onChoose} key={type}>
      <kind.icon size={18} stroke={1.6} className={classes.typeIcon} aria-hidden />
      <span style={{ minWidth: 0, overflowWrap: "anywhere" }}>
        <span className={classes.typeName}>{kind.label}</span>
        <span className={classes.typeAbout}>{kind.about}</span>
      </span>
    </button>
  );
}

/** The types of datastores as tiles, files and databases apart. */
export function TypePicker({ value, onChange }: TypePickerProps) {
  const kinds = Object.entries(STORE_KINDS) as [DatastoreType, StoreKind][];
  return (
    <Stack gap="sm" role="radiogroup" aria-label="Type">
      {(["Files", "Databases"] as const).map((group) => {
        const some = kinds.filter(([, kind]) => kind.group === group);
        if (some.length === 0) return null;
        return (
          <div key={group}>
            <Text size="xs" c="dimmed" mb={4}>
              {group}
            </Text>
            <div className={classes.types}>
              {some.map(([type, kind]) => (
                <TypeTile key={type} type={type} kind={kind} chosen={type === value} onChoose={() => onChange(type)} />
              ))}
            </div>
          </div>
        );
      })}
    </Stack>
  );
}

interface FieldProps {
  readonly field: StoreField;
  readonly secret: boolean;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

function Field({ field, secret, value, error, onChange }: FieldProps) {
  const shared = { label: field.label, placeholder: field.placeholder ?? "", error, withAsterisk: field.required ?? false, value };
  const description = field.description === undefined ? {} : { description: field.description };
  if (field.options) return <Select {...shared} {...description} data={[...field.options]} value={value === "" ? null : value} clearable onChange={(next) => onChange(next ?? "")} />;
  if (field.multiline)
    return (
      <Textarea
        {...shared}
        {...description}
        autoComplete="off"
        autosize
        minRows={4}
        maxRows={10}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } }}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  if (secret && field.seen !== true) return <PasswordInput {...shared} {...description} autoComplete="off" data-1p-ignore onChange={(event) => onChange(event.currentTarget.value)} />;
  return <TextInput {...shared} {...description} autoComplete="off" onChange={(event) => onChange(event.currentTarget.value)} />;
}

interface StepProps {
  readonly draft: StoreDraft;
  readonly problems: Readonly<Record<string, string>>;
  readonly change: (part: Partial<StoreDraft>) => void;
}

/** Where the place is. */
export function PlaceStep({ draft, problems, change }: StepProps) {
  return (
    <Stack gap="md" maw={560}>
      {STORE_KINDS[draft.type]?.configs.map((field) => (
        <Field
          key={`${draft.type} ${field.key}`}
          field={field}
          secret={false}
          value={draft.configs[field.key] ?? ""}
          error={problems[field.key]}
          onChange={(value) => change({ configs: { ...draft.configs, [field.key]: value } })}
        />
      ))}
    </Stack>
  );
}

/** Which credentials open it. */
export function CredentialsStep({ draft, problems, change }: StepProps) {
  const kind = STORE_KINDS[draft.type];
  if (!kind) return null;
  const chosen = kind.credentials.find((set) => set.name === draft.credential);
  if (kind.credentials.length === 0) return <Text size="sm">{kind.open}: Flowyard reads it as the user that it runs as.</Text>;
  return (
    <Stack gap="md" maw={560}>
      <SegmentedControl
        aria-label="Credentials"
        w="fit-content"
        data={[...kind.credentials.map(({ name, label }) => ({ value: name, label })), ...(kind.needsCredentials ? [] : [{ value: "", label: "None" }])]}
        value={draft.credential}
        onChange={(credential) => change({ credential, secrets: {} })}
      />
      {chosen?.fields.map((field) => (
        <Field
          key={`${draft.type} ${field.key}`}
          field={field}
          secret
          value={draft.secrets[field.key] ?? ""}
          error={problems[field.key]}
          onChange={(value) => change({ secrets: { ...draft.secrets, [field.key]: value } })}
        />
      ))}
      <Text size="xs" c="dimmed">
        {chosen ? "Encrypted when stored, and never shown again." : `${kind.open}. Credentials of the server's own environment are never used.`}
      </Text>
    </Stack>
  );
}

/** What it is called here. */
export function NameStep({ draft, problems, change }: StepProps) {
  return (
    <Stack gap="md" maw={560}>
      <TextInput
        label="Name"
        withAsterisk
        description={`Its files are azureml://datastores/${draft.name === "" ? "<name>" : draft.name}/paths/…`}
        value={draft.name}
        error={problems.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <Textarea label="Description" placeholder="Optional" autosize minRows={2} value={draft.description} onChange={(event) => change({ description: event.currentTarget.value })} />
    </Stack>
  );
}
