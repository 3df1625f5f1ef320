"""What a stream measures, judged by what it declares; the data have the last word (`plausibility`)."""

import re
from typing import NamedTuple

from monitor.core.model import CANONICAL_UNIT, ChannelInfo, Modality, StreamInfo
from monitor.core.units import canonical_factor, normal_unit

_WORDS: tuple[tuple[Modality, re.Pattern[str]], ...] = tuple(
    (modality, re.compile(pattern))
    for modality, pattern in (
        (Modality.ECG, r"(raw)?(ecg|ekg|electrocardio(gram|graphy))\d*"),
        (
            Modality.EDA,
            r"(raw)?(eda|gsr|scl|sc|skinconductance|skinresistance|electrodermal\w*|galvanic\w*)\d*",
        ),
        (Modality.PPG, r"ppg\w*|bvp|pleth\w*"),
        (Modality.HR, r"hr|heartrate|bpm|pulse|pulserate"),
        (Modality.RR, r"rr|rri|rrs|ibi|nn|nni|ppi|rrintervals?|ibiintervals?|interbeatintervals?|rrms|ibims"),
        (Modality.ACC, r"acc[xyz]?|accel\w*"),
        (Modality.TEMP, r"temp\d*|tmp|temperature|skt|therm\w*"),
        (Modality.RESP, r"resp|respiration|breath\w*|rsp|rip"),
        (Modality.MARKERS, r"markers?|events?|triggers?|stim"),
    )
)

_DERIVED = re.compile(
    r"range|quality|battery|timestamp|flags?|counter|amp|amplitude|ris|rise\w*|freq\w*|hrv|rmssd|sdnn|status|zone"
)
"""Words that make a label name something computed from, or said about, a signal."""

_SPEECH = re.compile(
    r"(speech|vad|voice|speaking|talking|voiceactivity)(activity|detect(ion|ed|or)|flag|state|active|prob|probability)?\d*"
)
"""Words of voice activity: only as a whole type or label, for a study of speech puts the word in many names."""

_GAP_FLAG = "gap flag"
"""Label of the second channel of a stream of RR intervals whose stamps are the times of the beats."""

_AUDIO = re.compile(r"audio\w*|mic|microphone\w*|sound")
_AUDIO_HZ = 1000.0

_GENERIC = re.compile(r"(value|data|signal|sample|ch|chan|channel|[xyz])?\d*")
_OWN = "attune-"
STATUS_SUFFIX = "-status"
"""Ends the name of a stream that says how a device is doing; before it stands the name of the device."""

_HELD_HZ = 5.0
"""RR intervals on a faster regular grid are held values, not one sample per beat."""


class Recognised(NamedTuple):
    """One channel that measures something known.

    Parameters
    ----------
    channel : int
        Channel index, from 0.
    modality : Modality
        What it measures.
    unit : str
        Declared unit in normal form; empty when none is declared.
    scale : float
        Factor to the canonical unit; 1.0 where the modality has none; NaN where no factor may be assumed.
    reason : str
        Why, and if not certain, what is missing; for the user.
    certain : bool
        Whether it may be used without asking.
    """

    channel: int
    modality: Modality
    unit: str
    scale: float
    reason: str
    certain: bool


class _Guess(NamedTuple):
    modality: Modality
    reason: str
    doubt: str = ""


def recognise(info: StreamInfo) -> tuple[Recognised, ...]:
    """Tell for each channel what it measures, in which unit, and why.

    A channel's own label and type count more than the type of its stream, and that more than the name of the
    stream. Nothing is converted that does not convert by a factor, and no unit is made up.

    Parameters
    ----------
    info : StreamInfo
        The declared identity of the stream.

    Returns
    -------
    tuple of Recognised
        In the order of the channels; channels that say nothing known are left out.
    """
    if info.type.startswith(_OWN):
        return ()
    if info.channel_format == "string":
        if is_speech_marks(info):
            return (Recognised(0, Modality.MARKERS, "", 1.0, f'marks of speech, name "{info.name}"', True),)
        guess = _from_texts((("type", info.type), ("name", info.name)))
        if guess is not None and guess.modality is Modality.MARKERS:
            return (Recognised(0, Modality.MARKERS, "", 1.0, guess.reason, True),)
        return ()
    guesses = _guesses(info)
    return tuple(_judge(info, index, guess) for index, guess in guesses)


def is_speech_marks(info: StreamInfo) -> bool:
    """Tell whether a stream sends marks of speech, such as ``C07 on``.

    Parameters
    ----------
    info : StreamInfo
        The declared identity of the stream.

    Returns
    -------
    bool
        True for a stream of texts with the word speech in its name.
    """
    own = info.type.startswith(_OWN)
    return info.channel_format == "string" and not own and "speech" in info.name.casefold()


def is_device_status(info: StreamInfo) -> bool:
    """Tell whether a stream says how a device is doing, as a bridge publishes it beside its signals.

    Parameters
    ----------
    info : StreamInfo
        The declared identity of the stream.

    Returns
    -------
    bool
        True for a stream of texts of type ``Markers`` whose name ends in ``-status``, unless it marks speech.
    """
    texts = info.channel_format == "string" and not info.type.startswith(_OWN)
    marks = texts and _modality_of(info.type) is Modality.MARKERS
    return marks and info.name.endswith(STATUS_SUFFIX) and not is_speech_marks(info)


def has_beat_times(info: StreamInfo) -> bool:
    """Tell whether the stamps of a stream of RR intervals are the times of the beats that end them.

    Parameters
    ----------
    info : StreamInfo
        The declared identity of the stream.

    Returns
    -------
    bool
        True where the second channel is labelled ``gap flag``; else stamps say when an interval arrived.
    """
    return len(info.channels) > 1 and info.channels[1].label.strip().casefold() == _GAP_FLAG


def is_audio(info: StreamInfo) -> bool:
    """Tell whether a stream carries sound, which is not needed and not wanted.

    Parameters
    ----------
    info : StreamInfo
        The declared identity of the stream.

    Returns
    -------
    bool
        True for numbers at 1000 Hz or more whose type, or name where the type says nothing, or every label speaks
        of sound or speech, unless a channel is recognised as ECG, RR, HR or EDA.
    """
    if info.channel_format == "string" or not info.nominal_rate_hz >= _AUDIO_HZ:
        return False
    said = info.name if _GENERIC.fullmatch(_squeeze(info.type)) else info.type
    labels = [channel.label or channel.type for channel in info.channels]
    if not _names_sound(said) and not (labels and all(_names_sound(label) for label in labels)):
        return False
    return not any(guess.modality in CANONICAL_UNIT for _, guess in _guesses(info))


def _names_sound(text: str) -> bool:
    sound = any(_AUDIO.fullmatch(token) for token in _tokens(text))
    return sound or _SPEECH.fullmatch(_squeeze(text)) is not None


def _guesses(info: StreamInfo) -> list[tuple[int, _Guess]]:
    """Collect what each channel seems to be."""
    found: list[tuple[int, _Guess]] = []
    unnamed: list[int] = []
    for index in range(info.channel_count):
        channel = info.channels[index] if index < len(info.channels) else ChannelInfo()
        texts = (("channel", channel.label), ("channel type", channel.type))
        own = _from_texts(texts) or _speech_from(info, texts)
        if own is not None:
            found.append((index, own))
        elif _says_nothing(channel, info):
            unnamed.append(index)
    stream = _of_stream(info) if unnamed else None
    if stream is not None:
        many = len(unnamed) > 1 and stream.modality in {*CANONICAL_UNIT, Modality.SPEECH}
        if many:
            doubt = f"{len(unnamed)} channels without labels; name the channel in room.toml"
            stream = stream._replace(doubt=doubt)
        found += [(index, stream) for index in unnamed]
    return sorted(found, key=lambda item: item[0])


def _says_nothing(channel: ChannelInfo, info: StreamInfo) -> bool:
    """Whether only the stream can tell what a channel is."""
    label = _squeeze(channel.label)
    if _DERIVED.fullmatch(label):
        return False
    return _GENERIC.fullmatch(label) is not None or label in {_squeeze(info.name), _squeeze(info.type)}


def _of_stream(info: StreamInfo) -> _Guess | None:
    by_type = _from_texts((("type", info.type),)) or _speech_from(info, (("type", info.type),))
    by_name = _from_texts((("name", info.name),))
    if by_type is None or by_type.modality is Modality.MARKERS:
        by_type, by_name = by_name or by_type, None
    if by_type is None:
        if "hrv" in _tokens(info.type) | _tokens(info.name):
            return _Guess(
                Modality.RR, f'"{info.type or info.name}"', "HRV may mean RR intervals or an index of them"
            )
        return None
    if by_type.modality is Modality.ECG and info.nominal_rate_hz == 0.0:
        return _Guess(
            Modality.RR,
            by_type.reason,
            "an ECG has a rate; irregular samples may be RR intervals: declare the rate, or the type RR, at the sender",
        )
    if by_name is not None and by_name.modality is not by_type.modality:
        doubt = "" if {by_name.modality, by_type.modality} & {Modality.MARKERS} else f"but {by_name.reason}"
        return by_type._replace(doubt=doubt)
    return by_type


def _judge(info: StreamInfo, index: int, guess: _Guess) -> Recognised:
    """Add the unit to a guess, and every reason for doubt."""
    declared = info.channels[index].unit if index < len(info.channels) else ""
    unit = normal_unit(declared) or _unit_in_source_id(info)
    doubts = [guess.doubt] if guess.doubt else []
    canonical = CANONICAL_UNIT.get(guess.modality)
    if guess.modality is Modality.SPEECH:
        unit = ""
    if canonical is None:
        return Recognised(index, guess.modality, unit, 1.0, "; ".join([guess.reason, *doubts]), not doubts)
    scale = canonical_factor(guess.modality, unit or canonical)
    reason = f'{guess.reason} and unit "{declared or unit}"' if unit else f"{guess.reason}, no unit"
    if scale is None:
        doubts.append(_unit_doubt(guess.modality, unit))
    elif not unit and guess.modality is Modality.EDA and info.channel_format.startswith("int"):
        scale = None
        doubts.append("integers without a unit are usually raw converter words; publish microsiemens")
    elif not unit:
        reason += f": taken as {canonical} if the data agree"
    if guess.modality is Modality.RR and info.nominal_rate_hz > _HELD_HZ:
        doubts.append(f"values held at {info.nominal_rate_hz:g} Hz are not one sample per beat")
    text = "; ".join([reason, *doubts])
    return Recognised(index, guess.modality, unit, float("nan") if scale is None else scale, text, not doubts)


def _unit_doubt(modality: Modality, unit: str) -> str:
    canonical = CANONICAL_UNIT[modality]
    if unit in {"kOhm", "Ohm"}:
        return f"a resistance is not converted; let the sender publish conductance in {canonical}"
    if unit == "raw":
        return f"raw converter words are not converted; let the sender publish {canonical}"
    return f"this unit is not converted to {canonical} unasked; name the unit in room.toml if it is certain"


def _unit_in_source_id(info: StreamInfo) -> str:
    """Find a unit that is only told in the source id (``shimmer_ohm``, ``shimmer_kohm``)."""
    for word in re.split(r"[^A-Za-z]+", info.source_id):
        if word.lower() in {"ohm", "kohm", "ohms", "kohms", "raw", "adc"}:
            return normal_unit(word)
    return ""


def _from_texts(texts: tuple[tuple[str, str], ...]) -> _Guess | None:
    for what, text in texts:
        modality = _modality_of(text)
        if modality is not None:
            return _Guess(modality, f'{what} "{text}"')
    return None


def _speech_from(info: StreamInfo, texts: tuple[tuple[str, str], ...]) -> _Guess | None:
    """Take a channel as voice activity, never one that could be sound."""
    if info.nominal_rate_hz >= _AUDIO_HZ or any(_AUDIO.fullmatch(word) for word in _tokens(info.type)):
        return None
    for what, text in texts:
        if _SPEECH.fullmatch(_squeeze(text)):
            return _Guess(Modality.SPEECH, f'{what} "{text}"')
    return None


def _modality_of(text: str) -> Modality | None:
    """Modality a text names, if it names exactly one."""
    whole = _squeeze(text)
    for modality, pattern in _WORDS:
        if pattern.fullmatch(whole):
            return modality
    tokens = _tokens(text)
    if any(_DERIVED.fullmatch(token) for token in tokens):
        return None
    named = {modality for modality, pattern in _WORDS for token in tokens if pattern.fullmatch(token)}
    return named.pop() if len(named) == 1 else None


def _tokens(text: str) -> set[str]:
    """Words of a text, cut at punctuation and at changes of case."""
    words: set[str] = set()
    for part in re.split(r"[^A-Za-z0-9]+", text):
        words.add(part.lower())
        words.update(word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+\d*", part))
    words.discard("")
    return words


def _squeeze(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
