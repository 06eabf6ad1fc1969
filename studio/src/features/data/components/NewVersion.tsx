import { Modal, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { FromDatabase } from "./FromDatabase";
import { FromFiles } from "./FromFiles";
import { UploadForm } from "./UploadForm";

interface NewVersionProps {
  readonly onClose: () => void;
  /** The asset that gets another version; without it a new one is made. */
  readonly asset?: string;
}

/** Makes a new asset, or the next version of one: of an upload, of what is in a datastore, or of what a database answers. */
export function NewVersion({ onClose, asset }: NewVersionProps) {
  const [from, setFrom] = useState("upload");
  return (
    <Modal opened onClose={onClose} title={asset === undefined ? "New data asset" : `New version of ${asset}`} size={from === "upload" ? "lg" : "xl"}>
      <SegmentedControl
        aria-label="From where"
        mb="md"
        value={from}
        onChange={setFrom}
        data={[
          { value: "upload", label: "Upload" },
          { value: "files", label: "From a datastore" },
          { value: "database", label: "From a database" },
        ]}
      />
      {from === "files" && <FromFiles asset={asset} onClose={onClose} />}
      {from === "database" && <FromDatabase asset={asset} onClose={onClose} />}
      {from === "upload" && <UploadForm asset={asset} onClose={onClose} />}
    </Modal>
  );
}
