"""One of each paper in the demo's county hall, made as clerks, the guide's desk and the office make them."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw

from hallq.demo.guides import guides
from hallq.items.model import GuideVersion
from hallq.kernel import Tx
from tests.hub import Caller, Hub

WINDOW, CLERK, NEXT = "36", "白玉洁", "江浩然"
PAPERS = [
    {"name": "食品经营许可申请书", "how": "请按窗口的样表填写并签名；填写有困难的，工作人员可以帮您填"},
    {"name": "从业人员健康证明", "how": "请先组织接触直接入口食品的人员体检，带复印件1份"},
]
NOTICE: dict[str, Any] = {
    "content": {
        "missing": PAPERS,
        "special": "现场核查",
        "next": "材料补齐后当场受理，5个工作日内作出决定",
        "fee": "不收费",
    },
    "aside": True,
    "case_no": "SP20261123018",
}
KINDS: dict[str, dict[str, str]] = {  # paper: what the clerk says at the finish
    "accept": {"outcome": "promise", "case_no": "SP20261123021"},
    "refuse": {"outcome": "refuse", "reason": "仅销售预包装食品，依法不需要取得食品经营许可，请办理备案"},
    "supplement": {"outcome": "supplement"},
    "giveback": {"outcome": "giveback", "reason": "材料中的经营场所与营业执照登记的住所不一致"},
    "advice": {"outcome": "advice", "reason": "咨询小餐饮店需要办理哪些手续"},
}
FOUND: list[dict[str, Any]] = [
    {
        "name": "双肩包",
        "features": "深蓝色，内有水杯一个、雨伞一把",
        "found_at": "2026-11-23T08:40",
        "place": "等候区第三排",
        "zone": "1F",
        "finder": "cleaner",
    },
    {
        "name": "手机",
        "features": "黑色，屏幕左上角有裂痕",
        "found_at": "2026-11-23T08:52",
        "place": "自助服务区",
        "zone": "1F",
        "finder": "citizen",
        "valuable": True,
    },
    {
        "name": "身份证",
        "features": "姓名张**，装在透明卡套里",
        "found_at": "2026-11-23T08:55",
        "place": "取号机旁",
        "zone": "2F",
        "finder": "guard",
        "valuable": True,
    },
]
OWNER = {"claimant": "张建国", "id_number": "150627199001011234", "phone": "13812345678", "checked": True}
MAILED: list[dict[str, Any]] = [
    {
        "what": "食品经营许可证",
        "name": "李秀英",
        "phone": "13912341234",
        "address": "城关镇团结路12号",
        "carrier": "EMS",
        "waybill": "1098765432109",
    },
    {"what": "不动产权证书", "name": "孟根", "phone": "13712345678", "address": "西山乡前进村", "carrier": "EMS"},
    {
        "direction": "in",
        "what": "养老保险待遇申领材料",
        "name": "王德明",
        "phone": "0470-7218600",
        "address": "河东街道",
        "carrier": "顺丰",
        "waybill": "SF1357902468",
    },
]
NO = {"what": "要求当天发证", "reason": "现场核查没有完成", "basis": "办事指南：现场核查后发证"}
MATTER = {
    "department": "zhujian",
    "matter": "老旧小区加装电梯怎么申请补助",
    "name": "张建国",
    "phone": "13812345678",
    "tel": "7218625",
}


class Scene:
    """One of each paper, made as clerks and the office make them."""

    def __init__(self, running: Hub) -> None:
        self.hub = running
        self.paths: dict[str, str] = {"guide": "/query/food/print", "guide-en": "/query/food/print?lang=en"}

    async def play(self) -> dict[str, str]:
        """{paper: the path of its page}."""
        await self.hub.hall.do(_guides)
        self.clerk = await self.hub.clerk(CLERK, WINDOW)
        self.office = await self.hub.person("林静", "office")
        await self.notice()
        await self.cases()
        await self.handed()
        await self.found()
        for one in MAILED:
            await self.office.ok("/mail", one)
        return self.paths | {"mail": "/office/mail/print?from=2026-11-23&to=2026-11-23"}

    async def serves(self) -> None:
        await (await self.hub.device("kiosk", "k1")).ok("/tickets", {"service": "food"})
        await self.clerk.ok(f"/windows/{WINDOW}/call-next")

    async def notice(self) -> None:
        await self.serves()
        given = await self.clerk.ok(f"/windows/{WINDOW}/notices", NOTICE)
        self.paths["one_time"] = f"/window/notices/{given['id']}/print"

    async def cases(self) -> None:
        for name, said in KINDS.items():
            await self.serves()
            if name == "supplement":
                await self.clerk.ok(
                    f"/windows/{WINDOW}/notices", {**NOTICE, "aside": False, "case_no": "SP20261123024"}
                )
            await self.clerk.ok(f"/windows/{WINDOW}/finish", said)
            last = (await self.clerk.get(f"/windows/{WINDOW}/outcomes")).json()["last"]
            self.paths[name] = f"/window/outcomes/{last['id']}/print"
            if name == "accept":
                await self.extended(last["id"])

    async def extended(self, case: int) -> None:
        wish = {"to_day": "2026-12-14", "reason": "需要请专家到现场评审", "leader": "赵德全"}
        case_ = await self.office.ok(f"/outcomes/{case}/extensions", wish)
        self.paths["extension"] = f"/window/extensions/{case_['extensions'][-1]['id']}/print"

    async def handed(self) -> None:
        made = await self.clerk.ok("/referrals", MATTER | {"window": WINDOW})
        self.paths["referral"] = f"/office/referrals/{made['id']}/print"
        no = await self.clerk.ok("/refusals", NO | {"window": WINDOW})
        await self.office.ok(f"/refusals/{no['id']}/note", {"leader": "赵德全", "opinion": "已阅，请向申请人解释清楚"})
        self.paths["refusal"] = f"/office/refusals/{no['id']}/print"
        over = await self.clerk.ok(f"/windows/{WINDOW}/handover", {"remark": "N001号的申请人下午来送健康证明"})
        await self.clerk.ok(f"/windows/{WINDOW}/sign-out")
        follower = await self.hub.clerk(NEXT, WINDOW)
        await follower.ok(f"/windows/{WINDOW}/handover/confirm", {"remark": "已当面核对"})
        self.paths["handover"] = f"/office/handovers/{over['id']}/print"

    async def found(self) -> None:
        photo, hand = [await _upload(self.office, made) for made in (_bag(), _signature())]
        rows = [await self.office.ok("/found", {**one, "photos": [photo] if one is FOUND[0] else []}) for one in FOUND]
        await self.office.ok(f"/found/{rows[0]['id']}/contact", {"note": "按包内名片拨打电话，失主说下午来取"})
        await self.office.ok(f"/found/{rows[0]['id']}/claim", OWNER | {"signature": hand, "note": "说出了包内物品"})
        self.paths["found"] = f"/office/found/{rows[0]['id']}/print?full=1"
        self.paths["police"] = "/office/found-handover/print?" + "&".join(f"item={row['id']}" for row in rows[1:])


def _guides(tx: Tx) -> None:
    content = guides()["food"].model_dump_json(exclude_defaults=True)
    made: dict[str, Any] = {"version": 1, "from_day": "2026-01-01", "made_at": tx.now, "made_by": "hub"}
    tx.insert(GuideVersion, service="food", content=content, **made)


async def _upload(who: Caller, picture: Image.Image) -> int:
    data = io.BytesIO()
    picture.save(data, "PNG")
    made = await who.ask("POST", "/api/v1/files?name=a.png", data.getvalue(), **{"content-type": "image/png"})
    number: int = made.json()["id"]
    return number


def _bag() -> Image.Image:
    picture = Image.new("RGB", (480, 360), "#e8e8e8")
    draw = ImageDraw.Draw(picture)
    draw.arc((190, 30, 290, 130), 180, 360, "#1d2b4f", 12)
    draw.rounded_rectangle((130, 80, 350, 330), 40, "#2f4577", "#1d2b4f", 8)
    draw.rounded_rectangle((165, 200, 315, 300), 18, "#3c5690", "#1d2b4f", 6)
    return picture


def _signature() -> Image.Image:
    picture = Image.new("RGB", (600, 180), "white")
    draw = ImageDraw.Draw(picture)
    for line in (
        [40, 60, 150, 50, 90, 130, 60, 150],
        [190, 40, 180, 140, 280, 90, 210, 95],
        [330, 120, 380, 40, 470, 130, 560, 50],
    ):
        draw.line(line, "black", 6, joint="curve")
    return picture
