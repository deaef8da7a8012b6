"""The deployed pipeline, end to end, on one machine: `cargo xtask aws` runs this.

    python tests/aws/run.py                     the deployment itself, with a probe as the functions
    python tests/aws/run.py --binaries DIR      the pipeline: DIR/<function>/bootstrap, as
                                                `cargo lambda build --release` leaves them, and
                                                build/models-layer from `cargo xtask layer`;
                                                or .aws-sam/build, as `sam build` leaves it

It starts the emulator, deploys the templates, runs the scenarios and stops it, whatever happens.
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import clients  # noqa: E402
import command  # noqa: E402
import deploy  # noqa: E402
import events  # noqa: E402
import pipeline  # noqa: E402
import wiring  # noqa: E402
from emulator import REGION, ROOT_KEYS, Emulator  # noqa: E402

# Where a function's folder is: as cargo-lambda and as sam call it.
NAMES = ("obscura-fn-{0}", "Functions/{1}Function")

# The minor version of glibc on Amazon Linux 2023.
NEWEST_GLIBC = 34

# What a function and its layers may take unzipped, in bytes.
LARGEST = 250 << 20


def probes():
    """The probe as every function."""
    program = f"#!{sys.executable}\n".encode() + (HERE / "probe.py").read_bytes()
    archives = {name: deploy.archive({"bootstrap": program}) for name in deploy.FUNCTIONS}
    archives["models-layer"] = deploy.archive({"models/SHA256SUMS": b""})
    return archives


# What QEMU stands for: the processor of Lambda's arm64, and where Debian has its libraries.
QEMU = ("qemu-aarch64", "-cpu", "neoverse-n1", "-L", "/usr/aarch64-linux-gnu")

# e_machine of a program's ELF header.
MACHINES = {62: "x86_64", 183: "aarch64"}


def built(binaries, layer, any_glibc=False):
    """The functions as they were built, and the layer."""
    archives, sizes = {}, {}
    for name in deploy.FUNCTIONS:
        places = [binaries / form.format(name, name.capitalize()) / "bootstrap" for form in NAMES]
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            raise SystemExit(f"no bootstrap of {name} in {binaries}: looked for {[str(p) for p in places]}")
        program = found.read_bytes()
        if not any_glibc:
            runs_there(name, program)
        archives[name], sizes[name] = deploy.archive(runnable(name, program)), len(program)
    files = {f"models/{file.name}": file.read_bytes() for file in sorted((layer / "models").glob("*"))}
    if not any(name.endswith(".onnx") for name in files):
        raise SystemExit(f"no models in {layer}: cargo xtask layer")
    archives["models-layer"], sizes["models-layer"] = deploy.archive(files), sum(map(len, files.values()))
    for name, size in sizes.items():
        print(f"{name}: {size / 1e6:.1f} MB, zipped {len(archives[name]) / 1e6:.1f}")
        if size + sizes["models-layer"] > LARGEST:
            raise SystemExit(f"{name} and the layer are larger than Lambda takes")
    return archives


def layer_of_sam(template):
    """The layer that a template of `sam build` names, which has to name the five functions beside it too."""
    text = template.read_text(encoding="utf-8")
    functions = {f"{name.capitalize()}Function" for name in deploy.FUNCTIONS}
    if set(re.findall(r"CodeUri: (\S+)", text)) != functions:
        raise SystemExit(f"{template} does not name the functions that were built")
    (layer,) = re.findall(r"ContentUri: (\S+)", text)
    return (template.parent / layer).resolve()


def runs_there(name, program):
    """An error if a program needs a newer glibc than provided.al2023 has, or is built for something else."""
    needed = max((int(minor) for minor in re.findall(rb"GLIBC_2\.(\d+)", program)), default=0)
    print(f"{name}: {machine(program)}, glibc 2.{needed}")
    if needed > NEWEST_GLIBC:
        raise SystemExit(f"{name} needs glibc 2.{needed}; provided.al2023 has 2.{NEWEST_GLIBC}")
    if program[:4] != b"\x7fELF":
        raise SystemExit(f"{name} is no program for Linux")
    # A defect in one file has to end in quarantine, which needs a panic that can be caught.
    if b"library/panic_abort/" in program:
        raise SystemExit(f"{name} is built to abort: [profile.release] panic of Cargo.toml is not in force")


def machine(program):
    """The processor that a program is built for."""
    return MACHINES.get(int.from_bytes(program[18:20], "little"), "another processor")


def runnable(name, program):
    """What goes into a function's archive so that it runs on this machine: the program, or the program under
    QEMU where it is built for arm64 and this machine is not."""
    if machine(program) == platform.machine():
        return {"bootstrap": program}
    if machine(program) != "aarch64":
        raise SystemExit(f"{name} is built for {machine(program)}")
    emulator = shutil.which(QEMU[0])
    if not emulator or not Path(QEMU[-1]).is_dir():
        raise SystemExit("functions for arm64 need QEMU here: apt install qemu-user libc6-arm64-cross libgcc-s1-arm64-cross")
    words = " ".join((emulator, *QEMU[1:]))
    return {"bootstrap": f'#!/bin/sh\nexec {words} "$(dirname "$0")/program"\n'.encode(), "program": program}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", type=Path, help="the built functions; without it the probe is deployed")
    parser.add_argument("--same", type=Path, metavar="DIR",
                        help="the functions built for another processor: what they make has to be the same")
    parser.add_argument("--layer", type=Path, default=HERE.parents[1] / "build" / "models-layer")
    parser.add_argument("--any-glibc", action="store_true", help="take binaries of plain `cargo build`, to try out")
    parser.add_argument("--adapters", type=Path, metavar="PROGRAM",
                        help="the tests of crates/aws that need an endpoint, as cargo built them: run them too")
    parser.add_argument("--command", type=Path, metavar="PROGRAM", help="obscura with the feature aws: run it too")
    parser.add_argument("--files", type=Path, help="a folder of DICOM files to send through")
    parser.add_argument("--many", type=int, default=50, help="how many files are sent at once (50)")
    parser.add_argument("--pixels", default="rules", choices=["rules", "text", "strict"],
                        help="how text in pictures is looked for; rules is fast")
    parser.add_argument("--only", action="append", help="scenarios whose names contain this")
    parser.add_argument("--work", type=Path, help="where the emulator keeps its files; otherwise a temporary folder")
    parser.add_argument("--events", action="store_true",
                        help="give the recorded events to the functions by `cargo lambda invoke`, and nothing else")
    arguments = parser.parse_args()

    if arguments.binaries:
        if (arguments.binaries / "template.yaml").is_file():
            arguments.layer = layer_of_sam(arguments.binaries / "Functions" / "template.yaml")
        archives, scenarios = built(arguments.binaries, arguments.layer, arguments.any_glibc), pipeline.SCENARIOS
    else:
        archives, scenarios = probes(), wiring.SCENARIOS
    if arguments.events:
        def the_recorded_events_by_cargo_lambda_invoke(deployment):
            pipeline.prepare(deployment)
            events.by_cargo_lambda(deployment, deployment.emulator.folder)

        scenarios = [the_recorded_events_by_cargo_lambda_invoke]
    if arguments.command:
        def the_command_administers_the_deployment(deployment):
            command.the_command_administers_the_deployment(deployment, arguments.command.resolve())

        # Before the last looks over everything.
        place = scenarios.index(pipeline.everything_released_is_named_by_a_record)
        scenarios = [*scenarios[:place], the_command_administers_the_deployment, *scenarios[place:]]
    if arguments.adapters:
        def the_adapters_guarantee_what_every_store_does(deployment):
            adapters(deployment.emulator, arguments.adapters)

        scenarios = [*scenarios, the_adapters_guarantee_what_every_store_does]
    if arguments.same:
        arguments.same = built(arguments.same, arguments.layer, arguments.any_glibc)["deidentify"]
        scenarios = [*scenarios[:1], pipeline.both_processors_make_the_same_of_the_same_files, *scenarios[1:]]
    chosen = [s for s in scenarios if not arguments.only or any(word in s.__name__ for word in arguments.only)]
    print(deploy.ADJUSTMENTS.strip())
    with tempfile.TemporaryDirectory(prefix="obscura-aws-", dir=arguments.work) as folder:
        return run(Path(folder), archives, chosen, arguments)


def adapters(emulator, program):
    """Runs the tests of crates/aws against the emulator; they make buckets, keys and tables of their own."""
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(emulator.folder), "AWS_ENDPOINT_URL": emulator.endpoint,
        "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": ROOT_KEYS[0], "AWS_SECRET_ACCESS_KEY": ROOT_KEYS[1],
        "SSL_CERT_FILE": str(emulator.certificate),
    }
    ran = subprocess.run([program, "--include-ignored", "--test-threads", "1"], env=environment, cwd=HERE,
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
    passed = re.search(r"test result: ok\. (\d+) passed; 0 failed; 0 ignored", ran.stdout)
    assert ran.returncode == 0 and passed and int(passed[1]) >= 3, ran.stdout[-3000:] + ran.stderr[-1000:]
    print(f"           {passed[1]} tests")


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
            deployment.hidden_seconds, deployment.same = hidden_seconds, arguments.same
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
