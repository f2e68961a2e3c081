"""A Gemini on loopback: keys, chats, structured answers, and the ways in which it fails."""

import json
import re

from tests.servers.loopback import LoopbackHandler, LoopbackServer

GOOD_VERDICT = {
    "score": 82,
    "recommendation": "invite",
    "summary": "Knows the field.",
    "strengths": ["Five years of Django"],
    "gaps": ["No Kafka"],
}
PATH = re.compile(r"/v1beta/models/([\w.-]+)(?::(generateContent))?\Z")


class GeminiServer(LoopbackServer):
    """Remembers what it was asked; `failures` are used up first, one for each question.

    A failure is a status, or: stall, cut, malformed, truncated, blocked, other-form.
    """

    def __init__(self, key):
        super().__init__(Gemini)
        self.keys, self.asked, self.failures = {key}, [], []
        self.verdict = GOOD_VERDICT
        self.model = "gemini-flash-latest"


class Gemini(LoopbackHandler):
    def do_GET(self):  # noqa: N802
        self._serve(None)

    def do_POST(self):  # noqa: N802
        self._serve(json.loads(self.body()))

    def _serve(self, question):
        server = self.server
        with server.lock:
            server.asked.append((self.path, dict(self.headers), question))
            failure = server.failures.pop(0) if server.failures else None
        known = PATH.match(self.path)
        if self.headers.get("x-goog-api-key") not in server.keys:
            self._refuse(401, "UNAUTHENTICATED")
        elif not known or known[1] != server.model:
            self._refuse(404, "NOT_FOUND")
        elif isinstance(failure, int):
            self._refuse(failure, "RESOURCE_EXHAUSTED" if failure == 429 else "PERMISSION_DENIED")
        elif known[2] is None:
            self.answer(200, {"name": f"models/{server.model}"})
        else:
            self._generate(question, failure)

    def _generate(self, question, failure):
        answer = self._answer_to(question, failure)
        if failure == "stall":
            self.server.released.wait(60)
            self.close_connection = True
        elif failure == "cut":
            self.cut(200, answer)
        elif failure == "malformed":
            self.answer(200, b'{"candidates": [')
        else:
            self.answer(200, answer)

    def _answer_to(self, question, failure):
        if failure == "blocked":
            return {"promptFeedback": {"blockReason": "SAFETY"}}
        text = f"You said: {question['contents'][-1]['parts'][0]['text']}"
        if question["generationConfig"].get("responseMimeType") == "application/json":
            text = json.dumps({"score": 200} if failure == "other-form" else self.server.verdict)
        reason = "MAX_TOKENS" if failure == "truncated" else "STOP"
        content = {"role": "model", "parts": [{"text": text}]}
        return {
            "candidates": [{"content": content, "finishReason": reason}],
            "usageMetadata": {"totalTokenCount": 10 * len(question["contents"])},
        }

    def _refuse(self, status, name):
        headers = [("Retry-After", "7")] if status == 429 else []
        error = {"code": status, "message": "candidate-canary", "status": name}
        self.answer(status, {"error": error}, headers)
