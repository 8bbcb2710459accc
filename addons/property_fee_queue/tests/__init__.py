from . import test_fee_run_jobs
