"""Sends one message by HTTP, and waits for its end. It needs Python 3.9 and no package.

GWM_URL=http://127.0.0.1:3000 GWM_KEY=gwm_live_… python3 examples/send.py
"""

import email.utils
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

URL = os.environ.get("GWM_URL", "http://127.0.0.1:3000")
KEY = os.environ.get("GWM_KEY") or sys.exit("Set GWM_KEY to the secret of an API key.")
TRIES = 6
LONGEST_WAIT = 60


class ApiError(Exception):
    """The server refused the request. `problem` is its problem document."""

    def __init__(self, status, problem):
        super().__init__(f"{status} {problem.get('code')}: {problem.get('title')}")
        self.status = status
        self.problem = problem


def call(method, path, body=None, headers=None):
    """Sends a request until it has an answer. A repeated job has the same idempotency key."""
    for attempt in range(TRIES):
        try:
            return call_once(method, path, body, headers or {})
        except urllib.error.HTTPError as error:
            wait = wait_in(error.headers.get("Retry-After"), 2**attempt)
            if error.code not in (429, 502, 503, 504) or attempt == TRIES - 1:
                raise ApiError(error.code, problem_of(error)) from None
        except OSError:
            wait = 2**attempt
            if attempt == TRIES - 1:
                raise
        time.sleep(wait)


def wait_in(header, otherwise):
    """Seconds of a Retry-After, which is a number or a date (RFC 9110); at most a minute."""
    try:
        wait = float(header)
    except (TypeError, ValueError):
        try:
            wait = email.utils.parsedate_to_datetime(header).timestamp() - time.time()
        except (TypeError, ValueError):
            return otherwise
    return min(wait, LONGEST_WAIT) if wait >= 0 else otherwise


def call_once(method, path, body, headers):
    request = urllib.request.Request(
        URL + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {KEY}",
            "Content-Type": "application/json",
            **headers,
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def problem_of(error):
    try:
        return json.load(error)
    except ValueError:
        return {"title": error.reason}


def main():
    message = {
        "tenantId": "acme",
        "guestId": "guest-abc-123",
        "conversationId": "conv-def-456",
        "body": {
            "contentType": "text/plain",
            "content": "Your replacement card is on its way.",
        },
    }
    # Use an id of your own records, so that a second run of the program sends nothing twice.
    key = str(uuid.uuid4())
    accepted = call("POST", "/v1/messages", message, {"Idempotency-Key": key})
    path = f"/v1/jobs/{accepted['id']}"
    print("accepted", accepted["id"])

    state = ""
    while state not in ("completed", "failed"):
        time.sleep(0.5)
        job = call("GET", path)
        if job["state"] != state:
            state = job["state"]
            print(state, job["failedReason"] or "")


if __name__ == "__main__":
    try:
        main()
    except ApiError as error:
        print(error, file=sys.stderr)
        for field in error.problem.get("errors", []):
            print(field.get("pointer"), field["detail"], file=sys.stderr)
        sys.exit(1)
