import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { isMap } from "yaml";
import { useUrlState } from "@/lib/url";
import { Split } from "@/ui/Panel";
import { useFlow } from "../../hooks/useFlowDocument";
import type { FlowGraph } from "../../model";
import classes from "../editors/editors.module.css";
import { FileEditor } from "../FileEditor";
import { TestPanel } from "../TestPanel";
import { FlexEditor } from "./FlexEditor";
import { PromptyEditor } from "./PromptyEditor";

interface EditorTabProps {
  readonly flow: string;
  readonly graph: FlowGraph;
}

/** What defines a prompty or a flex flow as a form; as text, with what is wrong, where it cannot be read, and until one asks for the form again. */
function Definition({ flow, graph }: EditorTabProps) {
  const { main, yaml, text, readOnly } = useFlow();
  const [asText, setAsText] = useState(false);
  const written = main === null ? null : text(main);
  const isReadable = yaml !== null && (yaml.contents === null || isMap(yaml.contents));
  if (main === null || written === null)
    return (
      <Text c="dimmed" p="md" role="status">
        Reading the flow’s file
      </Text>
    );
  if (!isReadable && !asText) setAsText(true);
  if (!isReadable || asText)
    return (
      <div className={classes.raw}>
        {isReadable && (
          <div className={classes.again} role="status">
            <Text size="sm">The file can be read again.</Text>
            <Button size="compact-sm" onClick={() => { setAsText(false); }}>
              Show the form
            </Button>
          </div>
        )}
        <FileEditor flow={flow} path={main} findings={graph.findings} line={null} />
      </div>
    );
  return (
    <div className={classes.scroll}>
      {readOnly !== null && (
        <Text size="sm" c="dimmed" role="status">
          {readOnly}
        </Text>
      )}
      <fieldset className={classes.form} disabled={readOnly !== null}>
        {main.endsWith(".prompty") ? <PromptyEditor flow={flow} graph={graph} path={main} text={written} yaml={yaml} /> : <FlexEditor flow={flow} graph={graph} yaml={yaml} />}
      </fieldset>
    </div>
  );
}

/** The form of a prompty or a flex flow, with the test run beside it. */
export function EditorTab({ flow, graph }: EditorTabProps) {
  const [, openTab] = useUrlState("tab", "editor", true);
  return (
    <Split
      label="Test run"
      width="clamp(340px, 28vw, 480px)"
      main={<Definition flow={flow} graph={graph} />}
      side={
        <TestPanel
          flow={flow}
          graph={graph}
          focus={null}
          onSelectNode={() => {
            openTab("graph");
          }}
        />
      }
    />
  );
}
