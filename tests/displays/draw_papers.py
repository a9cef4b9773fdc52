"""Pictures of papers beside a ticket's slip, as a simulated printer reads them: python -m tests.displays.draw_papers"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping

from hallq.devices.drivers.escpos_slip import rendered
from hallq.displays import slip as slips
from hallq.displays.paper_facts import PAPERS
from hallq.displays.screens import Slip
from hallq.slips import OURS, read
from hallq.texts import EN, ZH
from hallq.texts.wording import Value
from tests.displays.draw_slips import FOLDER, draw_all

COMMON: Mapping[str, Value] = {
    "hall": "云岭县政务服务中心", "time": "2026-11-23 10:05", "complaints": "12345、7218686", "unresolved": "12",
    "public_url": "https://hall.example.gov.cn",
}  # fmt: skip
CASE: Mapping[str, Value] = {
    "no": "2026-00012", "number": "N018", "service": "食品经营许可证", "department": "市场监管",
    "case_no": "SP20261123018", "window": "31", "clerk": "周敏", "phone": "7218631",
    "reason": "经营场所的租赁合同已经到期，请续签以后再来申请",
}  # fmt: skip
NOTICE: Mapping[str, Value] = {
    **CASE,
    "accepted": "2026-11-23 10:05", "due": "2026年12月14日", "days": "15", "clock_from": "2026年11月24日",
    "missing": ("经营场所使用证明：请带租赁合同或不动产权证复印件", "食品安全管理制度：请按窗口提供的样本填写并签字"),
    "mail": "办好的许可证可以免费邮寄，请在窗口登记地址",
}  # fmt: skip
SAMPLES: Mapping[str, Mapping[str, Value]] = {
    "guide": {
        "name": "办个体户营业执照", "code": "shop-licence", "promised": "当场办结", "fee": "不收费",
        "fee_basis": "国家规定免收",
        "materials": (
            "《个体工商户登记申请书》　原件1份（窗口有样本）", "经营者身份证　原件1份、复印件1份",
            "经营场所使用证明　复印件1份（租用的房屋带租赁合同，自有的房屋带不动产权证）",
        ),
        "steps": ("窗口提交材料", "当场审核", "领取营业执照"), "place": "三楼企业和不动产服务区 29、30、31号窗口",
        "opening": "周一至周五 08:30—12:00、14:30—17:30", "phone": "7218631", "supervision": "12345",
        "online": "政务服务网“企业开办”专区",
    },
    "one_time": {
        **{name: value for name, value in CASE.items() if name != "reason"},
        "missing": NOTICE["missing"], "complete": "", "accepted": "暂不受理：材料补齐后当场受理",
        "special": "受理后要到经营场所实地查看",
        "next": "材料补齐后再到窗口提交，核查合格以后领取许可证", "fee": "不收费", "return_by": "2026年11月30日",
        "check_code": "4821", "phone_token": "4fK2mQ", "windows": "29、30、31",
    },
    **dict.fromkeys(("accept", "refuse", "supplement", "giveback", "advice"), NOTICE),
    "extension": {
        **CASE,
        "from_day": "2026年12月14日", "to_day": "2026年12月28日", "leader": "赵德全", "reason": "需要请专家到现场评审",
    },
    "referral": {
        "no": "2026-00003", "number": "D042", "matter": "老旧小区加装电梯怎么申请补助", "department": "住建",
        "person": "孙立", "tel": "7218625", "windows": "25、26", "due": "2026年11月26日", "writer": "王芳",
    },
    "found": {
        "no": "2026-00007", "what": "黑色双肩包", "found": "2026-11-23 09:40", "place": "一楼综合服务区 等候区第二排",
        "until": "2027-05-25", "step": "移交公安机关",
    },
    "mail": {
        "no": "2026-00031", "what": "食品经营许可证", "name": "张**", "phone": "138****5678", "carrier": "EMS",
        "waybill": "1098765432109", "pays": "邮寄费用由大厅承担", "ask": "7218686",
    },
}  # fmt: skip


def paper(name: str, columns: int) -> Slip:
    sample: dict[str, Value] = {**COMMON, **SAMPLES[name]}
    return slips.laid("", {ZH: sample, EN: sample}, read(OURS / f"{name}.toml"), width=columns)


def pictures() -> Iterator[tuple[str, bytes, int]]:
    """(name, what the printer gets, columns)."""
    for name in PAPERS:
        yield f"paper-{name}", rendered(paper(name, 48), 48), 48
    yield "paper-one_time-58", rendered(paper("one_time", 32), 32), 32
    yield "paper-accept-58", rendered(paper("accept", 32), 32), 32


if __name__ == "__main__":
    for path in asyncio.run(draw_all(FOLDER, pictures())):
        sys.stdout.write(f"{path}\n")
