"""The hub's end of a relay's sound port: a sound goes there, its length before it; an Answer says that it was heard."""

from __future__ import annotations

import asyncio

from firmware_protocols import ProtocolError
from hallq.devices.links import Line, LinkLost
from hallq.devices.speech_child import Answer, Answers

PIECE = 32 * 1024  # bytes
PIECE_S = 5.0  # for one of them to be taken


async def play(line: Line, sound: bytes, seconds: float) -> Answer:
    """Takes the line over and closes it. LinkLost: nobody can say whether it was heard."""
    answers: asyncio.Queue[Answer | ProtocolError] = asyncio.Queue()
    decoder = Answers()

    def take(data: bytes) -> None:
        for answer in decoder.feed(data):
            answers.put_nowait(answer)

    lost = ProtocolError("the sound port is gone")
    line.listen(take, lambda: answers.put_nowait(lost))
    try:
        await _send(line, len(sound).to_bytes(4) + sound)
        async with asyncio.timeout(seconds):
            answer = await answers.get()
    except TimeoutError:
        raise LinkLost("not heard in time") from None
    finally:
        line.close()
    if isinstance(answer, ProtocolError):
        raise LinkLost(str(answer))
    return answer


async def _send(line: Line, data: bytes) -> None:
    for at in range(0, len(data), PIECE):
        line.write(data[at : at + PIECE])
        await line.drain(PIECE_S)
