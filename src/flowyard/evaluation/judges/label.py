"""Judges that say whether something is there: true or false, where false is better."""

from flowyard.evaluation.judges.answers import Judgement, read_label
from flowyard.evaluation.judges.judge import Judge
from flowyard.evaluation.judges.model import Connections, Reply
from flowyard.evaluation.model import Result


class LabelJudge(Judge):
    """Base of the judges that give a label. Its score is 1 where the label is true; a row passes where it is false."""

    def __init__(self, model_config: object, *, connections: Connections | None = None) -> None:
        super().__init__(model_config, threshold=0.0, connections=connections)

    def read(self, answer: object) -> Judgement:
        """Read an answer's label."""
        return read_label(answer)

    def result(self, judgement: Judgement, reply: Reply | None) -> Result:
        """Return what goes into the row's result."""
        prefix = self.info.measures[0].prefix
        label = None if judgement.score is None else bool(judgement.score)
        return {**super().result(judgement, reply), prefix: label, f"{prefix}_label": label}
