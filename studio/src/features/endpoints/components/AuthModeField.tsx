import { Radio, Stack } from "@mantine/core";
import type { AuthMode } from "@/api/types";

const MODES: readonly { readonly value: AuthMode; readonly label: string; readonly description: string }[] = [
  { value: "key", label: "Two keys", description: "Primary and secondary: one is made anew while callers use the other." },
  { value: "aml_token", label: "Tokens", description: "They expire after an hour; who may call endpoints fetches the next one." },
];

interface AuthModeFieldProps {
  readonly value: AuthMode;
  readonly onChange: (mode: AuthMode) => void;
}

/** What opens an endpoint besides keys of its workspace. */
export function AuthModeField({ value, onChange }: AuthModeFieldProps) {
  return (
    <Radio.Group
      label="Opened by"
      description="Besides keys of the workspace, which open every endpoint."
      value={value}
      onChange={(mode) => {
        onChange(mode === "aml_token" ? mode : "key");
      }}
    >
      <Stack gap={8} mt={8}>
        {MODES.map((mode) => (
          <Radio key={mode.value} size="xs" {...mode} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
