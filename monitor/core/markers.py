"""The registry of markers: names, units and windows are an interface of the tables."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerSpec:
    """What a marker is.

    Parameters
    ----------
    name : str
        Name in the tables; changes only with a line in the changelog.
    title : str
        For people.
    unit : str
        Unit of the value.
    window_s : float
        Support of the value; its centre is half of it before the grid second.
    minimum : str
        Least data from which a value is given.
    reference : str
        Source of the formula.
    """

    name: str
    title: str
    unit: str
    window_s: float
    minimum: str
    reference: str


_TASK_FORCE = "Task Force 1996, Circulation 93:1043-1065"
_OWN = "Own proposal on Berntson 1991, doi:10.1037/0033-295X.98.4.459; see docs/methods.md"

MARKERS: tuple[MarkerSpec, ...] = (
    MarkerSpec(
        name="hr_bpm", title="Heart rate", unit="bpm", window_s=15.0, minimum="8 beats", reference=_TASK_FORCE
    ),
    MarkerSpec(
        name="rmssd_ms",
        title="RMSSD",
        unit="ms",
        window_s=30.0,
        minimum="10 differences",
        reference=_TASK_FORCE,
    ),
    MarkerSpec(
        name="ln_rmssd",
        title="lnRMSSD",
        unit="ln(ms)",
        window_s=30.0,
        minimum="10 differences",
        reference="Munoz 2015, doi:10.1371/journal.pone.0138921",
    ),
    MarkerSpec(
        name="ln_rmssd_60s",
        title="lnRMSSD, 60 s",
        unit="ln(ms)",
        window_s=60.0,
        minimum="10 differences",
        reference="Munoz 2015, doi:10.1371/journal.pone.0138921",
    ),
    MarkerSpec(
        name="sdnn_ms",
        title="SDNN",
        unit="ms",
        window_s=60.0,
        minimum="half the window",
        reference=_TASK_FORCE,
    ),
    MarkerSpec(
        name="ln_hf_60s",
        title="ln HF power",
        unit="ln(ms2)",
        window_s=60.0,
        minimum="60 s without a gap above 2 s",
        reference=_TASK_FORCE,
    ),
    MarkerSpec(
        name="breathing_per_min",
        title="Breathing rate",
        unit="1/min",
        window_s=30.0,
        minimum="25 s, two estimates that agree",
        reference="Charlton 2016, doi:10.1088/0967-3334/37/4/610",
    ),
    MarkerSpec(
        name="scl_us",
        title="Skin conductance level",
        unit="uS",
        window_s=10.0,
        minimum="5 s",
        reference="Boucsein 2012, doi:10.1111/j.1469-8986.2012.01384.x",
    ),
    MarkerSpec(
        name="scr_per_min",
        title="Skin conductance responses",
        unit="1/min",
        window_s=60.0,
        minimum="45 s",
        reference="Boucsein 2012, doi:10.1111/j.1469-8986.2012.01384.x",
    ),
    MarkerSpec(
        name="scr_sum_us",
        title="Sum of response amplitudes",
        unit="uS/min",
        window_s=60.0,
        minimum="45 s",
        reference="Boucsein 2012, doi:10.1111/j.1469-8986.2012.01384.x",
    ),
    MarkerSpec(
        name="eda_phasic",
        title="Phasic driver",
        unit="uS",
        window_s=5.0,
        minimum="half the window",
        reference="After Benedek & Kaernbach 2010, doi:10.1016/j.jneumeth.2010.04.028",
    ),
    MarkerSpec(
        name="z_eda",
        title="Electrodermal score",
        unit="SD",
        window_s=30.0,
        minimum="a reference, one electrodermal series",
        reference=_OWN,
    ),
    MarkerSpec(
        name="z_heart",
        title="Heart speed score",
        unit="SD",
        window_s=15.0,
        minimum="a reference, heart rate",
        reference=_OWN,
    ),
    MarkerSpec(
        name="z_vagal",
        title="Vagal index score",
        unit="SD",
        window_s=30.0,
        minimum="a reference, lnRMSSD",
        reference=_OWN,
    ),
    MarkerSpec(
        name="arousal",
        title="Arousal index",
        unit="SD",
        window_s=30.0,
        minimum="a reference, heart and skin conductance",
        reference=_OWN,
    ),
)

HEART_MARKERS = ("hr_bpm", "rmssd_ms", "ln_rmssd", "ln_rmssd_60s", "sdnn_ms", "ln_hf_60s")
EDA_MARKERS = ("scl_us", "scr_per_min", "scr_sum_us", "eda_phasic")
SCORE_MARKERS = ("z_eda", "z_heart", "z_vagal", "arousal")
EDA_DEPENDENT = (*EDA_MARKERS, "z_eda", "arousal")
"""Markers that become NA when skin conductance is found unusable in retrospect."""
