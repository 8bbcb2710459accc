"""What the suite's tests share: an RPC client, a browser session, files of the suite."""
