"""Outlets in a process of its own, as faulty as the argument says, until it is killed."""

import json
import math
import sys
import time

import pylsl


def wave(kind: str, t: float) -> float:
    """One value of a signal, spoilt or not."""
    beat = 900.0 * math.exp(-0.5 * (((t % 0.85) - 0.4) / 0.012) ** 2) + 6.0 * math.sin(311.0 * t)
    if kind == "mv":
        return beat / 1000.0
    if kind == "nan":
        return beat if int(t * 10) % 7 else float("nan")
    if kind == "inf":
        return float("inf")
    if kind == "flat":
        return 17.0
    if kind == "eda":
        return 4.0 + 0.3 * math.sin(t / 3.0)
    return 1000.0 / (4.0 + 0.3 * math.sin(t / 3.0)) if kind == "kohm" else beat


def main() -> None:
    """Serve the outlets that the first argument describes."""
    outlets = []
    for spec in json.loads(sys.argv[1]):
        channels = spec.get("channels", 1)
        info = pylsl.StreamInfo(
            spec["name"], spec["type"], channels, spec.get("declared", spec["rate"]), "float32", spec["id"]
        )
        info.set_channel_units([spec["unit"]] * channels)
        if "labels" in spec:
            info.set_channel_labels(spec["labels"])
        outlets.append((pylsl.StreamOutlet(info), spec, channels))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    begin = pylsl.local_clock()
    sent = [0] * len(outlets)
    while True:
        time.sleep(0.02)
        t = pylsl.local_clock() - begin
        for k, (outlet, spec, channels) in enumerate(outlets):
            while sent[k] / spec["rate"] < t:
                at = sent[k] / spec["rate"]
                back = 0.2 if spec["kind"] == "disordered" and sent[k] % 20 == 19 else 0.0
                outlet.push_sample([wave(spec["kind"], at)] * channels, begin + at - back)
                sent[k] += 1


if __name__ == "__main__":
    main()
