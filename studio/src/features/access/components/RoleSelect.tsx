import { Select, Text } from "@mantine/core";
import type { Role } from "@/api/types";
import { asRole, ROLE_OPTIONS, ROLES } from "../roles";

/** Chooses a role, and says what it may do. */
export function RoleSelect({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  return (
    <Select
      label="Role"
      description={ROLES[value]}
      data={ROLE_OPTIONS}
      value={value}
      allowDeselect={false}
      renderOption={({ option }) => (
        <div>
          <Text size="sm">{option.label}</Text>
          <Text size="xs" c="dimmed">
            {ROLES[option.value]}
          </Text>
        </div>
      )}
      onChange={(next) => {
        const role = asRole(next);
        if (role) onChange(role);
      }}
    />
  );
}
