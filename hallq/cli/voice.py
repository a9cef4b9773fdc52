"""`hallq voice`: folders of clips that the host's loudspeaker speaks with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hallq.cli.errors import Fault, Findings
from hallq.cli.parts import progressing, say

voice = typer.Typer(help="Voices made of clips, for the host's loudspeakers.", no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(help="The voice's folder: one wav per word.")]


@voice.command("build")
def build_clips(
    folder: Folder,
    style: Annotated[Path, typer.Option(help="The speakers' styles: the archive of the npm package kokoro-js.")],
    speaker: Annotated[str, typer.Option(help="Whose voice.")] = "zm_yunxi",
    speed: Annotated[float, typer.Option(min=0.6, max=1.6, help="1 is the speaker's own.")] = 1.0,
    windows: Annotated[int, typer.Option(min=1, max=99, help="The hall's highest window number.")] = 99,
    model: Annotated[Path | None, typer.Option(help="The model's file; else hallq[voice] has it.")] = None,
) -> None:
    """Make a voice offline with the neural Mandarin voice Kokoro-82M. Takes minutes, once."""
    from hallq.voices import build

    try:
        speak = build.voice(build.model_of(model), build.style_of(style, speaker), speed)
        with progressing() as told:
            build.build(folder, speak, windows, told or (lambda made, of: None))
    except (build.BuildError, OSError) as error:
        raise Fault(str(error)) from None


@voice.command("check")
def check_clips(folder: Folder) -> None:
    """Whether the voice can say every announcement; exit 1 and the missing words if not."""
    from hallq.devices.clips import Clips
    from hallq.voices.vocabulary import vocabulary

    try:
        missing = Clips(folder).lacks(vocabulary())
    except ValueError as error:
        raise Fault(str(error)) from None
    for word in missing:
        print(word)
    say(f"{folder}: {len(missing)} words are missing" if missing else f"{folder}: says every announcement")
    if missing:
        raise Findings


@voice.command("words")
def list_words() -> None:
    """The words that a person who records a voice reads, one a line: each becomes WORD.wav."""
    from hallq.voices.vocabulary import vocabulary

    for word in vocabulary():
        print(word)
