import { Tooltip } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { formatNumber } from "@/lib/format";
import { useWorkspace } from "@/lib/workspace";
import { TextLink } from "@/ui/links";
import { placeOf, type Citation, type CitedSentence, type Grounding } from "../logic/citations";
import classes from "./GroundedAnswer.module.css";

/** A link to a cited passage in its document; a passage of another place is only named. */
function Cited({ citation, label, page = citation.page }: { readonly citation: Citation; readonly label: string; readonly page?: number | null }) {
  const workspace = useWorkspace();
  const [index, version] = (citation.index ?? "").split(":");
  if (!index) return <span title={citation.text}>{label}</span>;
  return (
    <TextLink
      to="/w/$workspace/indexes/$name"
      params={{ workspace, name: index }}
      search={{ tab: "documents", version, document: citation.document, chunk: citation.chunk ?? undefined, page: page ?? undefined } as never}
      title={citation.text}
      inherit
    >
      {label}
    </TextLink>
  );
}

function SupportedText({ sentence, citations }: { readonly sentence: CitedSentence; readonly citations: readonly Citation[] }) {
  const cited = citations.filter(({ number }) => sentence.citations.includes(number));
  if (sentence.support === "unsupported")
    return (
      <Tooltip label={`No passage says this: the nearest has ${formatNumber(sentence.score * 100)} % of its words.`}>
        <span className={classes.unsupported} tabIndex={0}>
          {sentence.text}
          <IconAlertTriangle size={13} aria-label="not in the documents" className={classes.sign} />
        </span>
      </Tooltip>
    );
  return (
    <span>
      {sentence.text}
      {cited.map((citation) => (
        <sup key={citation.number} className={classes.number}>
          <Cited citation={citation} label={String(citation.number)} page={sentence.pages?.[sentence.citations.indexOf(citation.number)] ?? citation.page} />
        </sup>
      ))}
    </span>
  );
}

/** An answer sentence by sentence: what documents support is cited, what none supports is marked. */
export function GroundedAnswer({ grounding }: { readonly grounding: Grounding }) {
  const { sentences, citations } = grounding;
  return (
    <div>
      <p className={classes.text}>
        {sentences.map((sentence, place) => (
          <span key={place}>
            {place > 0 && " "}
            <SupportedText sentence={sentence} citations={citations} />
          </span>
        ))}
      </p>
      {citations.length > 0 && (
        <ol className={classes.citations} aria-label="Cited passages">
          {citations.map((citation) => (
            <li key={citation.number} value={citation.number}>
              <Cited citation={citation} label={placeOf(citation)} />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
