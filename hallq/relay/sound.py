"""A sound card as a port: a sound comes with its length before it, an Answer goes back when it was heard.

The card is busy with one sound at a time; whoever closes the port cuts it short.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import shutil
import socket
import time
from contextlib import suppress
from pathlib import Path

from hallq.devices import links
from hallq.devices.links import Line, Link, LinkLost
from hallq.devices.speech_child import Answer

CARDS = Path("/proc/asound")
MOST = 8 << 20  # bytes: three minutes of speech
KEPT = 200  # files of a wav: port


def open_sound(link: str) -> Line:
    """alsa:PCM or wav:DIR. LinkLost when it cannot play."""
    _look(links.parse(link))
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    playing = asyncio.create_task(_serve(theirs, link))

    def close() -> None:
        ours.close()
        playing.cancel()

    return Line(ours.fileno(), close)


def _look(link: Link) -> None:
    """LinkLost: it cannot play. A card that is named by its id can be unplugged."""
    if link.scheme == "wav":
        if not Path(link.target).is_dir():
            raise LinkLost(f"{link.target} is no folder")
        return
    if shutil.which("aplay") is None:
        raise LinkLost("aplay is missing; install alsa-utils")
    card = re.search(r"CARD=(\w+)", link.target)
    if card and not (CARDS / card[1]).exists():
        raise LinkLost(f"there is no sound card {card[1]}")


async def _serve(sock: socket.socket, link: str) -> None:
    loop = asyncio.get_running_loop()
    try:
        while True:
            size = int.from_bytes(await _exactly(sock, 4))
            if size > MOST:
                return
            answer = await _played(link, await _exactly(sock, size))
            await loop.sock_sendall(sock, answer.encode())
    except (OSError, EOFError):
        return
    finally:
        sock.close()


async def _exactly(sock: socket.socket, size: int) -> bytes:
    loop, data = asyncio.get_running_loop(), bytearray()
    while len(data) < size:
        piece = await loop.sock_recv(sock, size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)


async def _played(link: str, sound: bytes) -> Answer:
    scheme, _, target = link.partition(":")
    if scheme == "wav":
        await asyncio.to_thread(_keep, Path(target), sound)
        return Answer()
    return await _aplay(target, sound)


async def _aplay(pcm: str, sound: bytes) -> Answer:
    try:
        player = await asyncio.create_subprocess_exec(
            "aplay", "-q", "-D", pcm, "-",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
    except OSError:
        return Answer("aplay is missing")
    try:
        _, said = await player.communicate(sound)
    finally:
        with suppress(ProcessLookupError):
            player.kill()
    return Answer(said.decode("utf-8", "replace").strip()[:200] or "aplay failed" if player.returncode else "")


def _keep(folder: Path, sound: bytes) -> None:
    for n in itertools.count(1):
        file = folder / f"{time.time_ns() // 10**6}-{n:05}.wav"
        with suppress(FileExistsError):
            with file.open("xb") as out:
                out.write(sound)
            break
    for old in sorted(folder.glob("*.wav"))[:-KEPT]:
        old.unlink(missing_ok=True)
