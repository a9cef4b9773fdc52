"""What goes over the wires: synchronous codecs without I/O, both roles, strict on input; standard library only.
`PROTOCOLS[name].Host()` decodes what the device sends, `.Device()` what the host sends; messages encode themselves."""

from firmware_protocols.framing import ProtocolError, to_json  # first: codecs may import these two from here

# isort: split
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, Protocol

from firmware_protocols import escpos, eval_pad, evdev_events, ff68_bus, id_card, modbus_text, onbon_bxk, speech_chip

__all__ = ["PROTOCOLS", "Codec", "Decoder", "ProtocolError", "to_json"]
__all__ += ["escpos", "eval_pad", "evdev_events", "ff68_bus", "id_card", "modbus_text", "onbon_bxk", "speech_chip"]


class Decoder(Protocol):
    """Cuts a stream of bytes in messages. Errors are values: the stream goes on behind them."""

    def feed(self, data: bytes, /) -> list[Any]: ...

    def end(self) -> list[Any]: ...


class Codec(NamedTuple):
    Host: Callable[[], Decoder]  # decodes what the device sends
    Device: Callable[[], Decoder]  # decodes what the host sends
    part: Callable[[bytes], Any] | None = None  # decodes a vector that is a fragment


PROTOCOLS = {
    "escpos": Codec(escpos.Host, escpos.Device),
    "onbon-bxk": Codec(onbon_bxk.Host, onbon_bxk.Device, onbon_bxk.Part.decode),
    **{
        name: Codec(partial(speech_chip.Host, name), partial(speech_chip.Device, name)) for name in speech_chip.PROFILES
    },
    "modbus-text": Codec(modbus_text.Host, modbus_text.Device),
    "evdev-keypad": Codec(evdev_events.Host, evdev_events.Device),
    "ff68": Codec(ff68_bus.Host, ff68_bus.Device),
    "eval-pad": Codec(eval_pad.Host, eval_pad.Device),
    "idcard-sam": Codec(id_card.Host, id_card.Device, id_card.Part.decode),
}
