/** What files of a media type are called. */
const TYPES: Readonly<Record<string, string>> = {
  "application/pdf": "PDF",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
  "application/vnd.oasis.opendocument.text": "OpenDocument",
  "application/rtf": "RTF",
  "application/epub+zip": "EPUB",
  "text/html": "HTML",
  "message/rfc822": "Mail",
  "text/markdown": "Markdown",
  "text/plain": "Text",
  "text/csv": "CSV",
  "text/tab-separated-values": "TSV",
  "application/json": "JSON",
  "application/jsonl": "JSON lines",
  "text/x-source": "Source code",
  "image/png": "PNG",
  "image/jpeg": "JPEG",
  "image/tiff": "TIFF",
};

/** A media type as people call it. */
export function typeOf(mediaType: string): string {
  return TYPES[mediaType] ?? mediaType;
}
