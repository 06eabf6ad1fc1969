"""The kinds of jobs. The server knows their stages, the worker their code."""

from flowyard.catalog.importing.service import STAGES as MODEL_IMPORT_STAGES
from flowyard.catalog.jobs import MODEL_IMPORT, MODEL_PULL
from flowyard.catalog.pull import STAGES as PULL_STAGES
from flowyard.catalog.verify.service import MODEL_VERIFY
from flowyard.catalog.verify.service import STAGES as VERIFY_STAGES
from flowyard.data.imports.job import DATA_IMPORT
from flowyard.data.imports.job import STAGES as IMPORT_STAGES
from flowyard.data.splits.job import DATA_SPLIT
from flowyard.data.splits.job import STAGES as SPLIT_STAGES
from flowyard.data.transforms.job import STAGES as TRANSFORM_STAGES
from flowyard.data.transforms.job import TRANSFORM
from flowyard.endpoints.online.deploy import DEPLOYMENT
from flowyard.endpoints.online.deploy import STAGES as DEPLOY_STAGES
from flowyard.evaluation.comparing.service import MODEL_COMPARE
from flowyard.evaluation.comparing.service import STAGES as COMPARE_STAGES
from flowyard.flows.runs.job import RUN
from flowyard.flows.runs.job import STAGES as RUN_STAGES
from flowyard.rag.building.job import INDEX_BUILD
from flowyard.rag.building.job import STAGES as INDEX_STAGES
from flowyard.rag.measuring.service import INDEX_MEASURE
from flowyard.rag.measuring.service import STAGES as MEASURE_STAGES
from flowyard.rag.questions.service import QUESTION_GENERATION
from flowyard.rag.questions.service import STAGES as QUESTION_STAGES
from flowyard.rag.tuning.service import INDEX_TUNING
from flowyard.rag.tuning.service import STAGES as TUNING_STAGES

#: Every kind of job with its stages, as they are shown before it begins.
JOB_STAGES: dict[str, tuple[str, ...]] = {
    MODEL_PULL: PULL_STAGES,
    MODEL_IMPORT: MODEL_IMPORT_STAGES,
    MODEL_VERIFY: VERIFY_STAGES,
    MODEL_COMPARE: COMPARE_STAGES,
    DEPLOYMENT: DEPLOY_STAGES,
    RUN: RUN_STAGES,
    TRANSFORM: TRANSFORM_STAGES,
    DATA_SPLIT: SPLIT_STAGES,
    DATA_IMPORT: IMPORT_STAGES,
    INDEX_BUILD: INDEX_STAGES,
    INDEX_MEASURE: MEASURE_STAGES,
    QUESTION_GENERATION: QUESTION_STAGES,
    INDEX_TUNING: TUNING_STAGES,
}
