"""One benchmark in a process of its own: python -m bench NAME SIZE OURS BASELINE FILE

OURS is a database with the addons, BASELINE one without; both are filled here. The
results go to FILE as JSON.
"""

import importlib
import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path

from odoo.tools import config

from .harness import Database

name, size, ours, baseline, file = sys.argv[1:]
config.parse_config(["--log-level=error"], setup_logging=True)
benchmark = importlib.import_module(f"bench.{name}")
results = benchmark.run(int(size), Database(ours), Database(baseline))
peak_mb = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
Path(file).write_text(
    json.dumps([asdict(result) | {"peak_mb": peak_mb} for result in results])
)
