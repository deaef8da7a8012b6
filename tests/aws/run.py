"""The deployed pipeline, end to end, on one machine: `cargo xtask aws` runs this.

    python tests/aws/run.py                     the deployment itself, with a probe as the functions
    python tests/aws/run.py --binaries DIR      the pipeline: DIR/<function>/bootstrap, as
                                                `cargo lambda build --release` leaves them, and
                                                build/models-layer from `cargo xtask layer`

It starts the emulator, deploys the templates, runs the scenarios and stops it, whatever happens.
"""

import argparse
import re
import sys
import tempfile
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import clients  # noqa: E402
import deploy  # noqa: E402
import pipeline  # noqa: E402
import wiring  # noqa: E402
from emulator import Emulator  # noqa: E402

NAMES = ("{}", "obscura-fn-{}")

# The minor version of glibc on Amazon Linux 2023.
NEWEST_GLIBC = 34


def probes():
    """The probe as every function."""
    program = f"#!{sys.executable}\n".encode() + (HERE / "probe.py").read_bytes()
    archives = {name: deploy.archive({"bootstrap": program}) for name in deploy.FUNCTIONS}
    archives["models-layer"] = deploy.archive({"models/SHA256SUMS": b""})
    return archives


def built(binaries, layer, any_glibc=False):
    """The functions as they were built, and the layer."""
    archives = {}
    for name in deploy.FUNCTIONS:
        places = [binaries / form.format(name) / "bootstrap" for form in NAMES]
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            raise SystemExit(f"no bootstrap of {name} in {binaries}: looked for {[str(p) for p in places]}")
        program = found.read_bytes()
        if not any_glibc:
            runs_there(name, program)
        archives[name] = deploy.archive({"bootstrap": program})
    files = {f"models/{file.name}": file.read_bytes() for file in sorted((layer / "models").glob("*"))}
    if not any(name.endswith(".onnx") for name in files):
        raise SystemExit(f"no models in {layer}: cargo xtask layer")
    archives["models-layer"] = deploy.archive(files)
    return archives


def runs_there(name, program):
    """An error if a program needs a newer glibc than provided.al2023 has, or is built for something else."""
    needed = [int(minor) for minor in re.findall(rb"GLIBC_2\.(\d+)", program)]
    if max(needed, default=0) > NEWEST_GLIBC:
        raise SystemExit(f"{name} needs glibc 2.{max(needed)}; provided.al2023 has 2.{NEWEST_GLIBC}")
    if program[:4] != b"\x7fELF":
        raise SystemExit(f"{name} is no program for Linux")
    # A defect in one file has to end in quarantine, which needs a panic that can be caught.
    if b"library/panic_abort/" in program:
        raise SystemExit(f"{name} is built to abort: [profile.release] panic of Cargo.toml is not in force")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", type=Path, help="the built functions; without it the probe is deployed")
    parser.add_argument("--layer", type=Path, default=HERE.parents[1] / "build" / "models-layer")
    parser.add_argument("--any-glibc", action="store_true", help="take binaries of plain `cargo build`, to try out")
    parser.add_argument("--files", type=Path, help="a folder of DICOM files to send through")
    parser.add_argument("--many", type=int, default=50, help="how many files are sent at once (50)")
    parser.add_argument("--pixels", default="rules", choices=["rules", "text", "strict"],
                        help="how text in pictures is looked for; rules is fast")
    parser.add_argument("--only", action="append", help="scenarios whose names contain this")
    parser.add_argument("--work", type=Path, help="where the emulator keeps its files; otherwise a temporary folder")
    arguments = parser.parse_args()

    if arguments.binaries:
        archives, scenarios = built(arguments.binaries, arguments.layer, arguments.any_glibc), pipeline.SCENARIOS
    else:
        archives, scenarios = probes(), wiring.SCENARIOS
    chosen = [s for s in scenarios if not arguments.only or any(word in s.__name__ for word in arguments.only)]
    print(deploy.ADJUSTMENTS.strip())
    with tempfile.TemporaryDirectory(prefix="obscura-aws-", dir=arguments.work) as folder:
        return run(Path(folder), archives, chosen, arguments)


def run(folder, archives, scenarios, arguments):
    begun = time.monotonic()
    issuer, failed = clients.Issuer(), []
    try:
        with Emulator(folder) as emulator:
            # The emulator has no /opt of a function's own.
            models = {"OBSCURA_MODELS": str((arguments.layer / "models").resolve())} if arguments.binaries else {}
            hidden_seconds = 20 if arguments.pixels == "rules" else 600
            deployment = deploy.deploy(emulator, archives, {"Pixels": arguments.pixels}, {"deidentify": models},
                                       hidden_seconds)
            clients.trust(deployment, issuer)
            deployment.files, deployment.many = arguments.files, arguments.many
            deployment.hidden_seconds = hidden_seconds
            if arguments.binaries:
                pipeline.prepare(deployment)
            print(f"deployed {len(deployment.physical)} resources in {time.monotonic() - begun:.1f} s")
            for scenario in scenarios:
                start = time.monotonic()
                try:
                    scenario(deployment)
                    word = "passed"
                except Exception:  # every scenario is run and told of
                    failed.append(scenario.__name__)
                    word = "FAILED\n" + traceback.format_exc()
                print(f"  {time.monotonic() - start:6.1f} s  {scenario.__name__.replace('_', ' ')}: {word}", flush=True)
            if failed:
                print("what the functions said last:")
                for name in deploy.FUNCTIONS:
                    for line in deployment.said(name)[-8:]:
                        print(f"  {name}: {line[:600]}")
                print("the end of the emulator's log:\n" + emulator.log.read_text(errors="replace")[-3000:])
    finally:
        issuer.stop()
    print(f"{len(scenarios) - len(failed)} passed, {len(failed)} failed, in {time.monotonic() - begun:.0f} s")
    return 1 if failed or not scenarios else 0


if __name__ == "__main__":
    sys.exit(main())
