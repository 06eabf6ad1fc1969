import { Modal, Text, UnstyledButton } from "@mantine/core";
import { IconPhoto } from "@tabler/icons-react";
import { useState } from "react";
import type { FoundImage } from "./images";
import classes from "./Picture.module.css";

interface PictureProps {
  readonly image: FoundImage;
  /** What it is, for who does not see it. */
  readonly alt: string;
  readonly small?: boolean;
}

/** An image of a value: small, and large once it is pressed. One that is elsewhere is named only, as the studio loads nothing from there. */
export function Picture({ image, alt, small = false }: PictureProps) {
  const [opened, open] = useState(false);
  if (image.src === null)
    return (
      <div className={classes.absent}>
        <IconPhoto size={15} aria-hidden />
        <Text span size="xs" className="fy-truncate" title={image.place}>
          Image, not shown here: {image.place.slice(0, 200)}
        </Text>
      </div>
    );
  return (
    <>
      <UnstyledButton
        className={classes.frame}
        aria-label={`Show ${alt} large`}
        onClick={() => {
          open(true);
        }}
      >
        <img src={image.src} alt={alt} className={small ? classes.thumbnail : classes.image} />
      </UnstyledButton>
      <Modal
        opened={opened}
        onClose={() => {
          open(false);
        }}
        title={alt}
        size="auto"
        centered
      >
        <img src={image.src} alt={alt} className={classes.large} />
      </Modal>
    </>
  );
}

/** Images of a value in a row. `what` names them: "image of the answer". */
export function Pictures({ images, what, small = false }: { readonly images: readonly FoundImage[]; readonly what: string; readonly small?: boolean }) {
  if (images.length === 0) return null;
  return (
    <div className={classes.row}>
      {images.map((image, index) => (
        <Picture key={index} image={image} small={small} alt={images.length === 1 ? what : `${what} ${String(index + 1)}`} />
      ))}
    </div>
  );
}
