"""What the pipeline knows of its streams at the end, as reports."""

from monitor.core.channel import Channel
from monitor.core.intake import Intake
from monitor.core.reports import ClockReport, Gap, StreamReport
from monitor.core.stream import OpenStream

_REGULAR_TOLERANCE = 0.02
_LONG_GAP_S = 2.0


def reports_of(stream: OpenStream) -> tuple[StreamReport, ...]:
    """Report one stream: a report for each analysed channel, or one for a stream that was only recorded.

    Parameters
    ----------
    stream : OpenStream
        The stream at the end of the run.

    Returns
    -------
    tuple of StreamReport
        At least one.
    """
    clock = ClockReport(
        n_offsets=stream.clock.n_offsets,
        median_offset_s=stream.clock.median_offset_s,
        drift_ppm=stream.clock.drift_ppm,
        n_resets=stream.clock.resets,
        verified=stream.clock.verified and not stream.clock_problem,
    )
    problems: tuple[str, ...] = (stream.clock_problem,) if stream.clock_problem else ()
    if not stream.n_samples:
        problems += ("It sent no sample: check that the sensor is on and connected to its sender.",)
    if not stream.channels:
        return (_report(stream, stream.meter, clock, problems, None),)
    return tuple(
        _report(stream, channel.intake, clock, (*problems, *_warnings(channel)), channel)
        for channel in stream.channels
    )


def _report(
    stream: OpenStream, meter: Intake, clock: ClockReport, warnings: tuple[str, ...], channel: Channel | None
) -> StreamReport:
    key = channel.binding.key if channel else None
    nominal = stream.info.nominal_rate_hz
    rate, gaps = meter.measured_rate_hz, meter.gaps
    if nominal > 0 and rate > 2.0 * nominal:
        # Bursts under nearly one stamp: the pauses between them are not gaps, and only the whole span has a rate.
        rate, gaps = meter.overall_rate_hz, [gap for gap in gaps if gap[1] - gap[0] > _LONG_GAP_S]
    # What is only recorded and comes when something happens may leap as far as it likes.
    screened = channel is not None or nominal > 0
    n_refused = meter.n_disordered + meter.n_not_finite + meter.n_outliers if screened else 0
    return StreamReport(
        info=stream.info,
        participant=key.participant if key else "",
        modality=key.modality if key else None,
        measured_rate_hz=rate if nominal > 0 else float("nan"),
        n_samples=stream.n_samples,
        n_rejected=stream.n_off_clock + n_refused,
        gaps=tuple(Gap(start, stop) for start, stop in gaps),
        clock=clock,
        warnings=warnings,
    )


def _samples(n: int) -> str:
    return "1 sample" if n == 1 else f"{n} samples"


def _warnings(channel: Channel) -> tuple[str, ...]:
    out = []
    intake, info = channel.intake, channel.info
    if channel.problem:
        out.append(channel.problem)
    n_refused = intake.n_disordered + intake.n_not_finite + intake.n_outliers
    if n_refused and n_refused > intake.n_accepted:
        out.append("Most of its samples cannot be used: check the sensor, and what its sender sends.")
    if intake.n_disordered:
        out.append(
            f"Left out of the analysis: {_samples(intake.n_disordered)} with a stamp that does not ascend."
        )
    if intake.n_not_finite:
        out.append(
            f"Left out of the analysis: {_samples(intake.n_not_finite)} that are no believable number."
        )
    if intake.n_outliers:
        out.append(f"Left out of the analysis: {_samples(intake.n_outliers)} whose stamp leapt ahead.")
    rate, nominal = intake.measured_rate_hz, info.nominal_rate_hz
    if 2.0 * nominal > rate and abs(rate / nominal - 1.0) > _REGULAR_TOLERANCE:
        out.append(f"Declared {nominal:g} Hz, measured {rate:.2f} Hz.")
    return tuple(out)
