"""Synchrony of a finished run, as plain values for the summary."""

from typing import Any

from monitor.core.pipeline import Pipeline
from monitor.core.synchrony.coupling import SessionStatistic
from monitor.core.synchrony.group import GroupStatistic
from monitor.core.synchrony.methods import METHODS
from monitor.core.synchrony.pair import MethodResult
from monitor.core.synchrony.signals import SIGNALS, choices_for
from monitor.settings import SynchronySettings


def synchrony_facts(pipeline: Pipeline, settings: SynchronySettings) -> dict[str, Any]:
    """Describe how the people of a session moved together.

    Parameters
    ----------
    pipeline : Pipeline
        After its last event.
    settings : SynchronySettings
        Which methods to run.

    Returns
    -------
    dict of str to Any
        ``participants`` (in the order in which pairs are formed: a lag above 0 means that the first leads),
        ``session`` (every pair and signal), ``matrix`` and ``group`` by signal (with three people or more) and
        ``methods`` (with ``at_s``, session times of what a method picked out). Empty with fewer than two people.
    """
    stage = pipeline.synchrony
    if len(stage.participants) < 2:
        return {}
    used = list(dict.fromkeys(dyad.signal.name for dyad in stage.dyads))
    several = len(stage.participants) > 2
    return {
        "participants": list(stage.participants),
        "session": [
            {"first": dyad.first, "second": dyad.second, "signal": dyad.signal.name}
            | _session(dyad.final(), dyad.coupling.segment_s)
            for dyad in stage.dyads
        ],
        "matrix": {name: stage.matrix(name) for name in used} if several else {},
        "group": {name: _group(found) for name in used if (found := stage.group(name)) is not None},
        "methods": _methods(pipeline, settings),
        "signals": {signal.name: signal.title for signal in SIGNALS},
    }


def _session(found: SessionStatistic, segment_s: float) -> dict[str, Any]:
    facts = found._asdict() | {"valid_minutes": round(found.n_segments * segment_s / 60.0, 2)}
    return facts | {"status": found.status.value, "reason": found.reason.value}


def _group(found: GroupStatistic) -> dict[str, Any]:
    return found._asdict() | {"status": found.status.value, "reason": found.reason.value}


def _methods(pipeline: Pipeline, settings: SynchronySettings) -> list[dict[str, Any]]:
    return [
        {"method": name, "first": pair.first, "second": pair.second, "signal": pair.signal}
        | _method(name, METHODS[name].compute(pair, choices_for(pair.signal, settings.choices())))
        for pair in pipeline.synchrony.pairs()
        for name in settings.methods
        if pair.signal in METHODS[name].signals
    ]


def _method(name: str, found: MethodResult) -> dict[str, Any]:
    method = METHODS[name]
    return {
        "status": found.status.value,
        "reason": found.reason.value,
        "text": found.text,
        "values": dict(found.values),
        "at_s": found.series["t_s"][found.series["kept"] > 0.0].tolist() if "kept" in found.series else [],
        "unit": method.unit,
        "null_model": method.null_model,
    }
