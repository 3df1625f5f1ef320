"""An outlet in a process of its own, with the sample index in channel 0, until it is killed."""

import json
import sys
import time

import pylsl


def main() -> None:
    """Serve the outlet that the first argument describes."""
    spec = {
        "name": "Polar C07",
        "type": "ECG",
        "unit": "microvolts",
        "source_id": "polar-C07",
        "rate": 130.0,
        "channels": 1,
        "format": "float32",
        "shift_s": 0.0,
        "push_s": 1e9,
        "delay_s": 0.0,
        **json.loads(sys.argv[1]),
    }
    info = pylsl.StreamInfo(
        spec["name"], spec["type"], spec["channels"], spec["rate"], spec["format"], spec["source_id"]
    )
    info.set_channel_labels([f"x{i}" for i in range(spec["channels"])])
    info.set_channel_units([spec["unit"]] * spec["channels"])
    outlet = pylsl.StreamOutlet(info)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    time.sleep(spec["delay_s"])
    begin = pylsl.local_clock()
    period_s = 1.0 / (spec["rate"] or 10.0)
    index = 0
    while pylsl.local_clock() - begin < spec["push_s"]:
        stamp = begin + index * period_s
        wait_s = stamp - pylsl.local_clock()
        if wait_s > 0.0:
            time.sleep(wait_s)
        row = [f"{index}"] if spec["format"] == "string" else [float(index)] + [0.0] * (spec["channels"] - 1)
        outlet.push_sample(row, stamp + spec["shift_s"])
        index += 1
    time.sleep(600.0)


if __name__ == "__main__":
    main()
