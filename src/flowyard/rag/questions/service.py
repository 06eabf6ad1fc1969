"""Question sets as routes ask for them: begun. What is made is a data asset, and shown as one."""

import re

from flowyard.catalog.verify.subjects import Subjects
from flowyard.compute.jobs.service import JobService
from flowyard.foundation.codecs import plain
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.identity.access import AccessTagService
from flowyard.identity.audit import AuditTrail
from flowyard.identity.model import Caller
from flowyard.wire.index_questions import QuestionGeneration
from flowyard.wire.jobs import Job

#: The kind's name; its arguments are `questions.job.GenerationArguments`.
QUESTION_GENERATION = "question_generation"
STAGES = ("plan", "write", "keep")
_MOST, _MOST_SHARE = 5_000, 1_000
#: Questions below this cosine mean something else with any model.
LEAST_COSINE = 0.5
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class QuestionService:
    """Begins generations of question sets."""

    def __init__(self, subjects: Subjects, jobs: JobService, audit: AuditTrail, access: AccessTagService) -> None:
        self._access = access
        self._subjects = subjects
        self._jobs = jobs
        self._audit = audit

    def begin(self, caller: Caller, index: str, version: str, asked: QuestionGeneration) -> Job:
        """Begin a generation and return its job, whose result is a `GeneratedQuestions`.

        Raises:
            InvalidInputError: the number, the kinds, their shares or the name is not valid, or the model writes no text.
            ModelUnknownError, ModelNotCallableError: the model is not there.
        """
        if not 1 <= asked.count <= _MOST:
            raise InvalidInputError(f"count is from 1 to {_MOST:,}.", location=Location(pointer="/count"))
        if not asked.kinds or len(set(asked.kinds)) != len(asked.kinds):
            raise InvalidInputError("Kinds of questions are named once each, and at least one.", location=Location(pointer="/kinds"))
        if asked.shares and (len(asked.shares) != len(asked.kinds) or not all(1 <= share <= _MOST_SHARE for share in asked.shares)):
            raise InvalidInputError(
                f"{len(asked.shares)} shares do not fit {len(asked.kinds)} kinds.",
                remedy=f"Give each kind a whole number from 1 to {_MOST_SHARE:,}, or none at all.",
                location=Location(pointer="/shares"),
            )
        if not LEAST_COSINE <= asked.same_meaning <= 1:
            raise InvalidInputError(f"same_meaning is from {LEAST_COSINE} to 1.", location=Location(pointer="/same_meaning"))
        if asked.max_tokens < 1:
            raise InvalidInputError("max_tokens is 1 or more.", location=Location(pointer="/max_tokens"))
        name = asked.name or f"{index}-questions"
        if not _NAME.fullmatch(name):
            raise InvalidInputError(f"{name[:120]!r} is no name for a data asset.", location=Location(pointer="/name"))
        subject = self._subjects.find(caller, asked.model)
        if subject.task != "chat-completion":
            raise InvalidInputError(
                f"{asked.model!r} is a model for {subject.task}; questions are written by one that chats.",
                remedy="flowyard model list --task chat shows those that do.",
                location=Location(pointer="/model"),
            )
        told = {**plain(asked), "name": name, "index": index, "version": version, "call": subject.call, "by": caller.actor}
        told |= {"guided": subject.place == "local", "ranks": subject.small, "access": plain(self._access.access_of(caller))}
        job = self._jobs.submit(
            caller, QUESTION_GENERATION, told, title=f"{asked.count} questions of {index}:{version}", target=f"index/{index}/{version}"
        )
        self._audit.record(caller, "index.questions", f"index/{index}/{version}", {"model": asked.model, "count": asked.count})
        return job
