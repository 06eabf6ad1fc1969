import { ActionIcon, Button, Text, Textarea } from "@mantine/core";
import { IconPhotoPlus, IconPlayerStop, IconSend, IconX } from "@tabler/icons-react";
import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from "react";
import { formatBytes } from "@/lib/format";
import { GuardedButton, GuardedIcon } from "@/ui/GuardedButton";
import { IMAGE_TYPES } from "@/ui/images/images";
import { type ChosenImage, IMAGE_LIMITS } from "@/ui/images/readImages";
import { useAsk } from "../../hooks/useAsk";
import { type Attachments, useAttachments } from "../../hooks/useAttachments";
import type { Chat } from "../../hooks/useChat";
import type { InputsDraft } from "../../hooks/useInputsDraft";
import { type ChatShape, messageOf, mostImages, whyNoImages, whyUnsent } from "../../logic/chat";
import classes from "../ChatTab.module.css";

interface ComposerProps {
  readonly chats: readonly Chat[];
  readonly inputs: InputsDraft;
  readonly shape: ChatShape;
  readonly off: string | null;
}

function Attached({ image, onRemove }: { readonly image: ChosenImage; readonly onRemove: () => void }) {
  return (
    <li className={classes.attached}>
      <img src={image.dataUrl} alt={image.name} className={classes.thumbnail} />
      <div className={classes.attachedName}>
        <Text size="xs" className="fy-truncate" title={image.name}>
          {image.name}
        </Text>
        <Text size="xs" c="dimmed">
          {formatBytes(image.bytes)}
        </Text>
      </div>
      <ActionIcon size="sm" variant="subtle" color="gray" aria-label={`Take ${image.name} away`} onClick={onRemove}>
        <IconX size={14} />
      </ActionIcon>
    </li>
  );
}

/** The button that attaches images, or says why there are none to attach. */
function Attach({ shape, off, onFiles }: { readonly shape: ChatShape; readonly off: string | null; readonly onFiles: (files: readonly File[]) => void }) {
  const choose = useRef<HTMLInputElement>(null);
  const most = mostImages(shape);
  return (
    <>
      <GuardedIcon off={off} label={`Attach ${most === 1 ? "an image" : `images: ${IMAGE_LIMITS} each, ${String(most)} in a message`}`} onClick={() => choose.current?.click()}>
        <IconPhotoPlus size={17} />
      </GuardedIcon>
      <input
        ref={choose}
        type="file"
        hidden
        multiple={most > 1}
        accept={IMAGE_TYPES.join(",")}
        aria-label="Images"
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

function AttachedList({ attachments }: { readonly attachments: Attachments }) {
  const { images, problem, remove } = attachments;
  return (
    <>
      {images.length > 0 && (
        <ul className={classes.attachments} aria-label="Attached images">
          {images.map((image) => (
            <Attached key={image.id} image={image} onRemove={() => { remove(image.id); }} />
          ))}
        </ul>
      )}
      {problem !== null && (
        <Text size="xs" c="var(--fy-bad)" role="alert" mb={8}>
          {problem}
        </Text>
      )}
    </>
  );
}

/** Asks all sides the same. */
export function Composer({ chats, inputs, shape, off }: ComposerProps) {
  const [text, setText] = useState("");
  const [isOver, setOver] = useState(false);
  const noImages = off ?? whyNoImages(shape);
  const attachments = useAttachments(mostImages(shape), noImages);
  const isBusy = chats.some(({ busy }) => busy);
  const message = messageOf(shape, text, attachments.images.map(({ dataUrl }) => dataUrl));
  const lacks = whyUnsent(shape, message);
  const ask = useAsk(chats, inputs);
  const send = (): void => {
    if (off !== null || lacks !== null || !ask(message)) return;
    setText("");
    attachments.clear();
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const paste = (event: ClipboardEvent): void => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return; // text, which the field takes itself
    event.preventDefault();
    attachments.add(files);
  };
  return (
    <div
      className={classes.composer}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => { setOver(false); }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        attachments.add([...event.dataTransfer.files]);
      }}
    >
      <div className={classes.column}>
        <AttachedList attachments={attachments} />
        <div className={classes.compose}>
          <Attach shape={shape} off={noImages} onFiles={attachments.add} />
          <Textarea
            flex={1}
            aria-label="Message"
            placeholder={shape.message === "image" ? "The message is an image: attach one, drop it here, or paste it." : "Message. Enter sends, Shift and Enter makes a new line."}
            readOnly={shape.message === "image"}
            autosize
            minRows={1}
            maxRows={8}
            value={text}
            data-autofocus
            onChange={(event) => {
              setText(event.currentTarget.value);
            }}
            onKeyDown={press}
            onPaste={paste}
          />
          {isBusy ? (
            <Button variant="default" leftSection={<IconPlayerStop size={15} />} onClick={() => { for (const chat of chats) chat.stop(); }}>
              Stop
            </Button>
          ) : (
            <GuardedButton leftSection={<IconSend size={15} />} onClick={send} off={off ?? lacks}>
              Send
            </GuardedButton>
          )}
        </div>
      </div>
    </div>
  );
}
