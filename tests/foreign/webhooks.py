"""Verifies what a receiver got by the library of Standard Webhooks, which is not ours.

Reads lines of JSON: the secret, the headers and the body of each request. Ends with `good`.
"""

import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError


def refused(secret: str, body: str, headers: dict) -> bool:
    """Whether the library refuses it."""
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError:
        return True
    return False


def main() -> None:
    """Verifies each, and that none holds once something of it is changed."""
    count = 0
    for line in sys.stdin:
        posted = json.loads(line)
        secret, headers, body = posted["secret"], posted["headers"], posted["body"]
        event = Webhook(secret).verify(body, headers)
        assert event["id"] == headers["webhook-id"], event
        assert refused(secret, body + " ", headers), "another body"
        assert refused(secret, body, headers | {"webhook-id": "another"}), "another id"
        assert refused("whsec_" + "A" * 32, body, headers), "another secret"
        count += 1
    assert count > 0, "nothing was posted"
    print("good")


main()
