import { ActionIcon, CopyButton as MantineCopy, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

interface CopyButtonProps {
  value: string;
  /** What is copied, for the tooltip and for screen readers: "Copy trace id". */
  label?: string;
  size?: number;
}

/** Copies a text, and says so for a moment. */
export function CopyButton({ value, label = "Copy", size = 15 }: CopyButtonProps) {
  return (
    <MantineCopy value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : label}>
          <ActionIcon
            size={size + 9}
            aria-label={label}
            c={copied ? "var(--fy-good)" : "dimmed"}
            onClick={(event) => {
              event.stopPropagation();
              copy();
            }}
          >
            {copied ? <IconCheck size={size} /> : <IconCopy size={size} />}
          </ActionIcon>
        </Tooltip>
      )}
    </MantineCopy>
  );
}
