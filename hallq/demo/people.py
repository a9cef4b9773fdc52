"""The cards that lie beside the demo's readers. Nobody is called so: the names say that they are invented, and no place
has the code 990000.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from firmware_protocols.id_card_text import Card, Foreigner2017
from hallq.devices.simulators.card_reader import person


class Holder(NamedTuple):
    code: str
    name: str
    name_en: str
    about: str  # vh.card.*
    card: Card


def holders(today: date) -> dict[str, Holder]:
    """By code. The elderly one turned 78 not long ago, whenever the demo is started."""
    born = (today - timedelta(days=78 * 366)).strftime("%Y%m%d")
    known = (
        Holder("elder", "寿演示", "Shou Yanshi", "elder", person("寿演示", born, 2)),
        Holder("adult", "甲样例", "Jia Yangli", "adult", person("甲样例", "19880308", 3)),
        Holder("young", "乙样例", "Yi Yangli", "young", person("乙样例", "20040917", 4)),
        Holder(
            "foreign", "示例·福瑞德", "FRED SAMPLE", "foreign",
            Foreigner2017(
                english_name="SAMPLE, FRED", name="示例·福瑞德", sex="1", number="XXX990000850101", country="XXX",
                since="20200101", until="20300101", birth="19850101", version="01", authority="9900",
            ),
        ),
    )  # fmt: skip
    return {holder.code: holder for holder in known}
