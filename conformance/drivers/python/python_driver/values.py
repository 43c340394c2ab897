"""Values as JSON (section 6 of the protocol) and as what Python has for them."""

from typing import Any

from .errors import DriverFault, OtherError

LARGEST_JSON_INTEGER = 2**53 - 1
MOST_NESTING = 60


class OpaqueToTransfer:
    """Cannot be pickled."""

    def __reduce__(self):
        raise TypeError("this value cannot be transferred")

    def __eq__(self, other):
        return isinstance(other, OpaqueToTransfer)

    __hash__ = None


def fail_to_rebuild():
    raise OtherError("this value cannot be rebuilt")


class OpaqueToRebuild:
    """Can be pickled; its unpickling raises."""

    def __reduce__(self):
        return fail_to_rebuild, ()

    def __eq__(self, other):
        return isinstance(other, OpaqueToRebuild)

    __hash__ = None


class Spoilable:
    """Can be pickled until it is spoilt (rule 5.19)."""

    def __init__(self):
        self.is_spoilt = False

    def __reduce__(self):
        if self.is_spoilt:
            raise TypeError("this value cannot be transferred any more")
        return Spoilable, ()


OPAQUE_VALUES = {"transfer": OpaqueToTransfer, "rebuild": OpaqueToRebuild}


def value_from_json(json: Any) -> Any:
    if isinstance(json, list):
        return [value_from_json(element) for element in json]
    if not isinstance(json, dict):
        return json
    if len(json) == 1:
        name, text = next(iter(json.items()))
        try:
            if name == "int":
                return int(text)
            if name == "bytes":
                return bytes.fromhex(text)
            if name == "fraction":
                return float(text)
            if name == "opaque":
                return OPAQUE_VALUES[text]()
        except (TypeError, ValueError, KeyError):
            pass
    raise DriverFault("rule 6.1: this is no value: " + repr(json)[:80])


def value_to_json(value: Any) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) <= LARGEST_JSON_INTEGER else {"int": str(value)}
    if isinstance(value, float):
        return {"fraction": repr(value)}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, (list, tuple)):
        return [value_to_json(element) for element in value]
    for name, opaque in OPAQUE_VALUES.items():
        if isinstance(value, opaque):
            return {"opaque": name}
    return "a " + type(value).__name__  # of which the suite expects nothing
