"""Polar's measurement data service (PMD), whole: control point and frames.

References
----------
Polar Electro, "Polar Measurement Data specification" and the sources of its BLE SDK.
"""

from devices.protocols.pmd_control import (
    Request,
    Response,
    decode_features,
    decode_request,
    decode_response,
    decode_settings,
    decode_stopped,
    encode_features,
    encode_response,
    encode_settings,
    encode_stopped,
    factor_of,
    settings_request,
    start_request,
    stop_request,
)
from devices.protocols.pmd_frames import DEFAULT_CLOCK_NS, EPOCH_UNIX_S, Frame, decode_frame, encode_frame
from devices.protocols.pmd_terms import (
    CONTROL_POINT,
    DATA,
    SERVICE,
    STATUS_WORDS,
    Command,
    Measurement,
    Setting,
    Status,
)

__all__ = [
    "CONTROL_POINT",
    "DATA",
    "DEFAULT_CLOCK_NS",
    "EPOCH_UNIX_S",
    "SERVICE",
    "STATUS_WORDS",
    "Command",
    "Frame",
    "Measurement",
    "Request",
    "Response",
    "Setting",
    "Status",
    "decode_features",
    "decode_frame",
    "decode_request",
    "decode_response",
    "decode_settings",
    "decode_stopped",
    "encode_features",
    "encode_frame",
    "encode_response",
    "encode_settings",
    "encode_stopped",
    "factor_of",
    "settings_request",
    "start_request",
    "stop_request",
]
