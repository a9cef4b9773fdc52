"""`python -m firmware_protocols` as a technician runs it: one JSON line per message, clear exits, never a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from firmware_protocols.__main__ import main


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "firmware_protocols", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=200, check=False)


def test_decode_prints_readable_chinese() -> None:
    done = run("decode", "escpos", "--from", "host", "1B40 1C26", "C7EB41303031BAC5", "0A")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["message"] for line in lines] == ["Initialise", "HanziOn", "Text", "LineFeed"]
    assert lines[2] == {"message": "Text", "data": "C7 EB 41 30 30 31 BA C5", "text": "请A001号"}
    assert "请A001号" in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def test_decode_tells_the_good_messages_and_the_reason() -> None:
    done = run("decode", "syn6288", "--from", "host", "FD 00 02 02 FD", "FD 00 02 21 DD")
    assert json.loads(done.stdout) == {"message": "Stop", "chip": "syn6288"}
    assert done.stderr == "checksum: FD 00 02 21 DD\n"
    assert done.returncode == 1


def test_decode_of_the_device_s_side() -> None:
    done = run("decode", "escpos", "--from", "device", "10 00 03 00")
    assert json.loads(done.stdout)["status"]["near_end"] is True


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("decode", "morse", "--from", "host", "00"), "escpos"),
        (("decode", "escpos", "--from", "host", "XY"), "not hex"),
        (("decode", "escpos", "--from", "roof", "00"), "roof"),
        (("decode", "escpos", "00"), "--from"),
        (("decode", "escpos", "--from", "host"), "HEX"),
        (("check", "no-such-file.json"), "no-such-file.json"),
        ((), "decode,check"),
    ],
)
def test_wrong_calls(arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(list(arguments))
    out, err = capsys.readouterr()
    assert exit_.value.code == 2
    assert says in err
    assert (out, err.count("\n")) == ("", 1)


@pytest.mark.parametrize("bytes_", ["1B", "1B 7E", "01"])
def test_incomplete_or_wrong_bytes(bytes_: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decode", "escpos", "--from", "host", bytes_]) == 1
    assert capsys.readouterr().err


def test_check_counts_and_gives_reasons(tmp_path: Path) -> None:
    file = tmp_path / "vectors.json"
    good = {"id": "a", "protocol": "escpos", "from": "host", "hex": "1B 40"}
    vectors = [
        good,
        good | {"id": "b", "hex": "1B"},
        good | {"id": "c", "protocol": "rfc2217"},
        good | {"id": "d", "hex": "no"},
        good | {"id": "e", "from": "roof"},
        good | {"id": "f", "protocol": "onbon-bxk", "partial": True, "hex": "05 00 A2 00 01 00 00"},
        good | {"id": "g", "negative": True, "hex": "C4 E3 BA C3 0A"},
    ]
    file.write_text(json.dumps({"vectors": vectors}), "utf-8")
    done = run("check", str(file))
    lines = done.stdout.splitlines()
    assert lines[-1] == "3 passed, 3 failed, 1 skipped"
    assert lines[0] == "failed b: incomplete: 1B"
    assert lines[1] == "skipped c: protocol rfc2217 is not built"
    assert (done.returncode, done.stderr) == (1, "")


def test_check_of_something_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "vectors.json"
    for content in ("[1]", "{}", "nonsense", '"x"'):
        file.write_text(content, "utf-8")
        with pytest.raises(SystemExit):
            main(["check", str(file)])
        assert "vectors.json" in capsys.readouterr().err
