"""Security questions, and the second factor, which wants them answered."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from linode.api.profile.profile import Profile
from linode.sandbox.engine.registry import Refused, Row, World, on

from .current_user import add_profile_event, current_user

__all__ = ["code_at", "disable_tfa"]

# The API has questions of its own; these are made up for the sandbox.
QUESTIONS = (
    "In which town did your parents meet?",
    "What did you want to become when you were ten?",
    "What was the first concert that you went to?",
    "What was the name of the first school that you went to?",
    "What was your first computer?",
    "Which book did you read more often than any other?",
    "Which street did you live in as a child?",
    "Who taught you to ride a bicycle?",
    "What was the name of your first pet?",
    "Which dish can you cook best?",
)
WANTED = 3
TFA_SECONDS = 24 * 3600
"""Seconds that a secret waits to be confirmed."""
STEP = 30
"""Seconds that a code of an authenticator app is good for."""


# -- questions -------------------------------------------------------------------------------------------------------


@on(Profile.security_questions)
def security_questions(world: World) -> Row:
    """All questions, with the user's answers."""
    answers = _answers(world)
    rows = [
        {"id": number, "question": question, "response": answers.get(str(number))}
        for number, question in enumerate(QUESTIONS, 1)
    ]
    return {"security_questions": rows}


@on(Profile.answer_security_questions)
def answer(world: World, security_questions: Sequence[Mapping[str, Any]]) -> Row:
    """Answer three in place of those answered before."""
    if len(security_questions) != WANTED:
        raise Refused(f"Must contain {WANTED} items", field="security_questions")
    answers: dict[str, str] = {}
    for at, each in enumerate(security_questions):
        number = each["question_id"]
        if not 1 <= number <= len(QUESTIONS) or str(number) in answers:
            raise Refused("question_id is not valid", field=f"security_questions[{at}].question_id")
        answers[str(number)] = each["response"]
    current_user(world)["_answers"] = answers
    return {
        "security_questions": [
            {"question_id": int(number), "response": response, "security_question": QUESTIONS[int(number) - 1]}
            for number, response in answers.items()
        ]
    }


def _answers(world: World) -> dict[str, str]:
    found: dict[str, str] = current_user(world).get("_answers", {})
    return found


# -- the second factor -----------------------------------------------------------------------------------------------


def code_at(secret: str, moment: float) -> str:
    """The code that an authenticator app with *secret* shows at *moment* (seconds since 1970), as RFC 6238 has it."""
    counter = int(moment // STEP).to_bytes(8, "big")
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


@on(Profile.tfa_enable)
def tfa_enable(world: World) -> Row:
    """A secret for the app. Nothing is asked for before it is confirmed."""
    if not _answers(world):
        # own words
        raise Refused("Security questions must be answered before two-factor authentication can be enabled")
    secret = base64.b32encode(world.random.randbytes(10)).decode()
    current_user(world)["_tfa"] = {"secret": secret, "expiry": world.stamp(TFA_SECONDS)}
    return {"secret": secret, "expiry": world.stamp(TFA_SECONDS)}


@on(Profile.tfa_enable_confirm)
def tfa_enable_confirm(world: World, tfa_code: str) -> Row:
    """Ask for the second factor from now on; the app's clock may be a little off."""
    user = current_user(world)
    begun = user.get("_tfa")
    if begun is None or world.seconds_until(begun["expiry"]) <= 0:
        raise Refused("No two-factor secret is waiting for confirmation")  # own words
    if tfa_code not in [code_at(begun["secret"], world.now + off) for off in (-STEP, 0, STEP)]:
        raise Refused("tfa_code is not valid", field="tfa_code")
    del user["_tfa"]
    user |= {"tfa_enabled": True, "_tfa_secret": begun["secret"]}
    add_profile_event(world, "tfa_enabled")
    return {"scratch": world.hex(16)}


@on(Profile.tfa_disable)
def disable_tfa(world: World) -> None:
    """Ask for no second factor any more; nothing happens where none is asked for."""
    user = current_user(world)
    if user["tfa_enabled"]:
        user |= {"tfa_enabled": False, "_tfa_secret": None}
        add_profile_event(world, "tfa_disabled")
