"""The commands of ``bin/``; each has a ``main()`` that returns an exit code."""
