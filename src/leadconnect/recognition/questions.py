"""What a plan asks once, in place of an error for each row."""

from collections.abc import Iterable

from leadconnect.recognition.models import (
    IGNORED,
    Because,
    Candidate,
    ColumnPlan,
    Mapping,
    Question,
    QuestionCode,
)

NAMES = frozenset({"name", "companyName", "firstName", "middleName", "lastName"})
CONTACTS = frozenset({"phoneNumber", "email"})
CANDIDATE_LIMIT = 50
"""Columns that a question offers."""
OPTION = "columns[].target"


def questions_of(mapping: Mapping) -> list[Question]:
    """Return what must or may be answered before the rows of a file become leads; the important ones come first."""
    targets = {plan.target for plan in mapping.columns}
    unknown = [plan for plan in mapping.columns if plan.because is Because.UNKNOWN and plan.filled_count]
    found = []
    if targets.isdisjoint(CONTACTS):
        others = [plan for plan in mapping.columns if plan.target not in NAMES and plan.filled_count]
        message = "No column is known to be the phone number or the e-mail address: choose it"
        found.append(_question(QuestionCode.NO_CONTACT_COLUMN, message, others, is_blocking=True))
    if targets.isdisjoint(NAMES):
        if unknown:
            message = "No column is known to be the name: choose it, or the contact names each lead"
            is_blocking = "email" not in targets
            found.append(_question(QuestionCode.NO_NAME_COLUMN, message, unknown, is_blocking=is_blocking))
    elif guessed := [plan for plan in mapping.columns if _is_guess(plan)]:
        message = f"“{guessed[0].header}” was taken for the name by its cells: confirm it, or choose another column"
        found.append(_question(QuestionCode.NAME_GUESSED, message, [*guessed, *unknown], is_blocking=False))
    return found


def blocking(questions: Iterable[Question]) -> Question | None:
    """Return the first question without whose answer no row can become a lead."""
    return next((question for question in questions if question.is_blocking), None)


def _is_guess(plan: ColumnPlan) -> bool:
    return plan.target == "name" and plan.because is Because.CONTENT


def _question(code: QuestionCode, message: str, columns: list[ColumnPlan], *, is_blocking: bool) -> Question:
    offered = [Candidate(plan.position, plan.header, plan.samples) for plan in columns if plan.target != IGNORED][
        :CANDIDATE_LIMIT
    ]
    return Question(code, message, OPTION, is_blocking, offered)
