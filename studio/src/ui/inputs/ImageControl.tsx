import { FileButton, Group, Input, TextInput } from "@mantine/core";
import { IconUpload, IconX } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { imageOf } from "@/ui/images/images";
import { Picture } from "@/ui/images/Picture";
import { IMAGE_LIMITS, readImage } from "@/ui/images/readImages";
import { GuardedButton, GuardedIcon } from "../GuardedButton";

interface ImageControlProps {
  readonly name: string;
  readonly label: ReactNode;
  readonly text: string;
  readonly error: string | undefined;
  readonly hint: string;
  readonly required: boolean;
  readonly disabled: boolean;
  readonly onChange: (text: string) => void;
}

function shownOf(text: string) {
  if (!text.trimStart().startsWith("{")) return imageOf(text);
  try {
    return imageOf(JSON.parse(text) as unknown);
  } catch {
    // It is still being typed.
    return null;
  }
}

/** An image as an input: a file, dropped or chosen, or the text that says where it is. */
export function ImageControl({ name, label, text, error, hint, required, disabled, onChange }: ImageControlProps) {
  const [refused, refuse] = useState<string | null>(null);
  const take = (file: File | null | undefined): void => {
    if (!file || disabled) return;
    readImage(file).then(
      ({ dataUrl }) => {
        refuse(null);
        onChange(dataUrl);
      },
      (failed: unknown) => {
        refuse(failed instanceof Error ? failed.message : String(failed));
      },
    );
  };
  const shown = shownOf(text);
  return (
    <Input.Wrapper
      label={label}
      withAsterisk={required}
      description={IMAGE_LIMITS}
      error={refused ?? error}
      labelElement="div"
      onDragOver={(event) => {
        event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer.files[0]);
      }}
    >
      <Group gap="xs" mt={4} align="flex-start" wrap="nowrap">
        {shown?.src ? (
          <>
            <Picture image={shown} alt={name} small />
            <GuardedIcon label={`Take ${name} away`} off={disabled ? "Wait until the run has ended." : null} onClick={() => { onChange(""); }}>
              <IconX size={15} />
            </GuardedIcon>
          </>
        ) : (
          <>
            <TextInput
              flex={1}
              miw={0}
              aria-label={name}
              placeholder={hint === "" ? "Drop a file here, or write a URL or path" : hint}
              value={text}
              disabled={disabled}
              onChange={(event) => {
                onChange(event.currentTarget.value);
              }}
            />
            <FileButton accept="image/png,image/jpeg,image/gif,image/webp" onChange={take} inputProps={{ "aria-label": `File of ${name}` }}>
              {(props) => (
                <GuardedButton {...props} variant="default" off={disabled ? "Wait until the run has ended." : null} leftSection={<IconUpload size={15} />}>
                  File
                </GuardedButton>
              )}
            </FileButton>
          </>
        )}
      </Group>
    </Input.Wrapper>
  );
}
