"""Every check of what is deployed, in one command: `cargo xtask templates` runs this.

Sources: cfn-lint, file by file, since it does not look into nested stacks; `sam validate --lint` for the
two that go through SAM's transform.
Expanded for several settings of the parameters: cfn-lint, checkov, cfn-guard with the rules of
`infra/guard`, and the tests beside this file. Nothing of it needs AWS or a network.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import flat
from settings import SETTINGS

HERE = Path(__file__).resolve().parent
# Nobody's: the tools want to see some, and never use them.
NO_ACCOUNT = {
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_EC2_METADATA_DISABLED": "true",
    "SAM_CLI_TELEMETRY": "0",
}


def run(name, command, quiet=True):
    """Runs a tool; prints what it says if it finds something."""
    begun = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command], cwd=flat.ROOT, env={**os.environ, **NO_ACCOUNT},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )
    good = done.returncode == 0
    print(f"  {time.monotonic() - begun:6.1f} s  {name:<34} {'no findings' if good else 'FINDINGS'}", flush=True)
    if not good or not quiet:
        print(done.stdout)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="where expanded templates and tools go")
    parser.add_argument("--checkov", type=Path, help="the Python of checkov's environment")
    arguments = parser.parse_args()
    programs = Path(sys.executable).parent
    arguments.work.mkdir(parents=True, exist_ok=True)

    sources = [flat.ROOT / "template.yaml", *sorted((flat.ROOT / "infra").glob("*.yaml"))]
    for name, parameters in SETTINGS.items():
        file = arguments.work / f"{name}.json"
        template = flat.expand(flat.flatten(parameters))
        file.write_text(json.dumps(template, indent=1), encoding="utf-8")

    good = run("cfn-lint, sources", [programs / "cfn-lint", "--", *sources])
    for name in ("everything", "default"):
        good &= run(f"cfn-lint, {name}", [programs / "cfn-lint", "--", arguments.work / f"{name}.json"])
    for source in (source for source in sources if "\nTransform:" in source.read_text(encoding="utf-8")):
        good &= run(f"sam validate --lint {source.name}", [programs / "sam", "validate", "--lint", "-t", source])
    if arguments.checkov:
        for file in (arguments.work / "everything.json", arguments.work / "default.json"):
            good &= run(f"checkov, {file.stem}", [
                arguments.checkov, "-m", "checkov.main", "--file", file, "--framework", "cloudformation",
                "--compact", "--quiet", "--skip-download",
            ])
    else:
        print("          checkov                            left out: --checkov was not given")
    os.environ["OBSCURA_TOOLS"] = str(arguments.work)
    good &= run("tests of the templates", [sys.executable, "-m", "unittest", "discover", "-s", HERE, "-t", HERE],
                quiet=False)
    return 0 if good else 1


if __name__ == "__main__":
    shutil.rmtree(HERE / "__pycache__", ignore_errors=True)
    sys.exit(main())
