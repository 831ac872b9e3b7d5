"""What a run prints: TAP of all cases, or how to reach a cluster that is kept."""

import json
import os
import signal
import subprocess
import sys
import time

LONGEST_WALK = 60  # seconds; a walk's own deadline is 20


def tap(world, program):
    """Walk every case with `program` (None: only prove the faults). Returns the exit status."""
    failed = 0
    print("TAP version 13")
    for number, case in enumerate(world.cases, 1):
        started = time.monotonic()
        wrong, shown = check(world, program, case)
        failed += bool(wrong)
        print(
            f"{'not ok' if wrong else 'ok'} {number} - {case.name}: {case.story}"
            f" # {time.monotonic() - started:.1f} s"
        )
        for line in [*wrong, *shown.splitlines()] if wrong else []:
            print(f"# {line}")
    print(f"1..{len(world.cases)}", flush=True)
    return 1 if failed else 0


def check(world, program, case):
    """Returns (what is wrong, what to show if anything is)."""
    absent = world.await_fault(case)
    if absent:
        return [f"the cluster does not show the fault: {absent}"], ""
    if program is None:
        return [], ""
    argv = world.edgewalk(program, case, "-o", "json")
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=LONGEST_WALK)
    except subprocess.TimeoutExpired:
        return [f"no end after {LONGEST_WALK} s"], ""
    shown = done.stdout + done.stderr
    try:
        return compare(case.expect, done.returncode, json.loads(done.stdout)), shown
    except (ValueError, KeyError, TypeError) as error:
        return [f"exit {done.returncode}, and its output is not a walk: {error!r}"], shown


def compare(expect, exit_status, walk):
    verdict = walk["verdict"]
    findings = {finding["id"]: finding for layer in walk["layers"] for finding in layer["findings"]}
    every = {each["cause"] for each in findings.values()}
    symptoms = {findings[each]["cause"] for each in verdict["symptoms"]}
    rows = [
        ("exit", expect.exit, exit_status),
        ("status", expect.status, verdict["status"]),
        ("cause", expect.cause, verdict["cause"]),
        ("layer", expect.layer, verdict["layer"]),
        ("first_failing_layer", expect.first, verdict["first_failing_layer"]),
    ]
    wrong = [f"{name} is {was!r}, not {wanted!r}" for name, wanted, was in rows if was != wanted]
    wrong += [
        f"{each} is not among the symptoms" for each in expect.symptoms if each not in symptoms
    ]
    wrong += [f"{each} is not mentioned" for each in expect.mentions if each not in every]
    wrong += [f"{each} is mentioned" for each in expect.absent if each in every]
    if not expect.findings and findings:
        wrong.append("there must be no finding: " + ", ".join(sorted(every)))
    return wrong


def broken(world, error):
    """The world itself did not come up: say why, with the last words of every program."""
    print("Bail out! the cluster did not come up")
    print(f"{error}\n", file=sys.stderr)
    for name, lines in world.processes.last_words():
        print(f"--- {name}\n{lines}", file=sys.stderr)


KINDS = (
    "gatewayclasses,gateways,listenersets,httproutes,grpcroutes,tlsroutes,backendtlspolicies,"
    "referencegrants,ingresses,ingressclasses,namespaces,"
    "services,endpointslices,pods,replicasets,deployments,events,nodes"
)


def dump(world, folder):
    """Write what the cluster holds and what is seen of each case, to develop against."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "all.yaml"), "w") as out:
        out.write(world.plane.kubectl("get", KINDS, "--all-namespaces", "-o", "yaml"))
    for case in world.cases:
        late = world.await_fault(case)
        with open(os.path.join(folder, f"{case.name}.txt"), "w") as out:
            print(f"{case.name}: {case.story}\n{case.url}", *([late] if late else []), file=out)
            for key, value in world.observe(case).items():
                print(f"  {key:28} {value}", file=out)
            for command in world.outside_view(case):
                done = subprocess.run(
                    command, capture_output=True, text=True, stdin=subprocess.DEVNULL
                )
                print(f"\n$ {' '.join(command)}\n{done.stdout}{done.stderr}", file=out)
        with open(os.path.join(folder, f"{case.name}.yaml"), "w") as out:
            out.write(
                world.plane.kubectl("get", KINDS, "--namespace", case.namespace, "-o", "yaml")
            )
    return 0


def serve(world, outer):
    """Keep the world till ctrl-c, and say how to use it."""
    enter = f"nsenter --target {outer} --net --mount --wd=$PWD"
    for case in world.cases:
        late = world.await_fault(case)
        print(
            f"\n{case.name}: {case.story}" + (f"\n  (not as it should be: {late})" if late else "")
        )
        print("  " + " ".join([enter, *world.edgewalk("edgewalk", case)]))
    case = world.cases[0]
    kubectl = f"{world.binaries}/kubectl --kubeconfig {world.plane.kubeconfig('admin')}"
    print(
        f"""
URL         {case.url}
kubeconfig  {world.plane.kubeconfig(case.user)}   (administrator: {world.plane.kubeconfig('admin')})
resolver    {world.resolver}
CA          {world.public.root}
netns       /proc/{outer}/ns/net   (the files above are seen with its mounts: nsenter --mount)
enter       {enter}
kubectl     {enter} {kubectl} get all -A
logs        {world.processes.logs}

ctrl-c ends it all.""",
        flush=True,
    )
    signal.pause()
    return 0
