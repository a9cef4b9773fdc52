"""An emergency on real lines: the strip and the pad show it, and the voice drops what was still to be said."""

from __future__ import annotations

from pathlib import Path

from tests.stories.test_hall import eventually, wired


async def test_the_voice_says_nothing_else_meanwhile(tmp_path: Path) -> None:
    async with wired(tmp_path, "tcp") as hall:
        other = await hall.hub.clerk("王芳", "1")
        for service in ("pension", "id"):
            await hall.kiosk.ok("/tickets", {"service": service})
        await hall.clerk.ok("/windows/2/call-next")
        await other.ok("/windows/1/call-next")
        for clerk, no in ((hall.clerk, 2), (other, 1)) * 2:
            await clerk.ok(f"/windows/{no}/recall")
        guide = await hall.hub.person("乌日娜", "guide")
        await guide.ok("/emergency", {"kind": "evacuate"})
        await hall.strip_shows("请有序撤离")
        shown = await hall.pad_shows("closed")
        assert "安全出口" in shown["citizen"]["reason"]
        await eventually(lambda: "安全出口" in str(hall.state(hall.chip)["spoken"]))
        await guide.ok("/emergency/end")
        await eventually(lambda: "恢复办理" in str(hall.state(hall.chip)["spoken"]))
        said = [entry["text"] for entry in hall.state(hall.chip)["spoken"]]
        fire = next(i for i, words in enumerate(said) if "安全出口" in words)
        assert fire < 6 and len(said) == fire + 2  # six were to be said; none of them after the words
        await hall.strip_shows("B001")
