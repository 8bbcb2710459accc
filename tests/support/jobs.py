"""Waiting for what the server does in the background."""

import time

UNFINISHED = ("draft", "queued", "running")


def wait_for(client, model, job, timeout=240):
    """Wait until a background job has ended; return its fields.

    :param client: JSON-2 client
    :param model: a model with a `state` that leaves queued and running at the end
    :param timeout: seconds
    :raises TimeoutError: when it has not ended by then
    """
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        [record] = client.call(model, "read", ids=[job])
        if record["state"] not in UNFINISHED:
            return record
        time.sleep(0.5)
    raise TimeoutError(f"{model} {job} is still {record['state']}")
