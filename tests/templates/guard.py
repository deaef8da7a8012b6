"""Running cfn-guard, which comes inside a wheel: no build, no download of its own.

`cdklabs-cdk-validator-cfnguard` ships AWS's own binaries for Linux and macOS in an archive for Node.
"""

import importlib.util
import json
import os
import platform
import subprocess
import tarfile
from pathlib import Path

from flat import ROOT

RULES = ROOT / "infra" / "guard"


def binary(place):
    """The program, unpacked below `place` on first use."""
    program = Path(place) / "cfn-guard"
    if program.is_file():
        return program
    package = importlib.util.find_spec("cdklabs").submodule_search_locations[0]
    archive, = Path(package).glob("cdk_validator_cfnguard/_jsii/*.tgz")
    system = {"Linux": "ubuntu", "Darwin": "macos"}[platform.system()]
    machine = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}[
        platform.machine().lower()
    ]
    program.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as tar:
        member = tar.extractfile(f"package/bin/{system}/{machine}/cfn-guard")
        part = program.with_suffix(".part")
        part.write_bytes(member.read())
    part.chmod(0o755)
    os.replace(part, program)
    return program


def validate(program, template, work, rules_from=RULES):
    """The names of the rules that a template (as data) does not keep, and of those that it keeps."""
    file = Path(work) / "guarded.json"
    file.write_text(json.dumps(template), encoding="utf-8")
    done = subprocess.run(
        [program, "validate", "--data", file, "--rules", rules_from, "--structured", "--output-format", "json",
         "--show-summary", "none"],
        capture_output=True, text=True, check=False,
    )
    try:
        (report,) = json.loads(done.stdout)
    except ValueError as error:
        raise RuntimeError(f"cfn-guard: {done.stderr or done.stdout}") from error
    broken = [_name(rule) for rule in report["not_compliant"]]
    return broken, report["compliant"]


def _name(rule):
    return rule["Rule"]["name"] if "Rule" in rule else next(iter(rule.values()))["name"]


def rules():
    """All rules by name, with the file that each stands in."""
    names = {}
    for file in sorted(RULES.glob("*.guard")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("rule "):
                names[line.split()[1]] = file
    return names
