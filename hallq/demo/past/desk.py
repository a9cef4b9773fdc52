"""The past of the guide desk: what was found and what became of it, and what went out by post.

Days are working days before the demo begins: 1 is the last one.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, NamedTuple

from PIL import Image, ImageDraw

from hallq import files, masking
from hallq.kernel import MINUTE, Tx
from hallq.registers import found, mail
from hallq.ticketing.model import Zone

STROKES = ((20, 60, 70, 20, 60, 90), (80, 40, 140, 38), (108, 20, 100, 95), (150, 70, 190, 30, 200, 85, 250, 40))
POLICE = "青公（综）收字第0318号"
CHECKED_BY = "林静"


class Found(NamedTuple):
    name: str
    features: str
    place: str
    zone: str
    finder: str
    day: int
    over: int = 0  # the day on which it was claimed, handed over or thrown away
    claimant: str = ""
    valuable: bool = False
    perishable: bool = False


class Post(NamedTuple):
    """A result by post. 0: not yet."""

    what: str
    service: str
    name: str
    phone: str
    address: str
    asked: int
    ready: int = 0
    sent: int = 0
    checked: bool = False


FOUND = (
    Found("黑色折叠伞", "伞柄贴有卡通贴纸", "一楼等候区第三排座椅", "1F", "cleaner", day=28),
    Found("老年公交卡", "卡套为红色", "一楼自助服务区", "1F", "citizen", day=21, over=20, claimant="寿演示"),
    Found("手机", "黑色，屏幕右下角有裂纹", "二楼填单台", "2F", "staff", day=15, over=15, valuable=True),
    Found("保温杯", "银色，杯底刻有姓名缩写", "二楼等候区饮水机旁", "2F", "guard", day=11),
    Found("一袋药品", "白色纸袋，内有两盒药", "一楼叫号屏下方座椅", "1F", "citizen", day=9, over=5, perishable=True),
    Found("儿童外套", "蓝色，领口绣小熊", "三楼母婴室", "3F", "cleaner", day=6),
    Found("房产证复印件一份", "用蓝色文件夹装", "三楼复印机", "3F", "citizen", day=4, over=3, claimant="甲样例"),
    Found("钥匙一串", "挂有木质小羊", "一楼卫生间洗手台", "1F", "cleaner", day=2),
    Found("银手镯", "内圈刻字", "一楼综合窗口台面", "1F", "staff", day=1, valuable=True),
)
MAILED = (
    Post("居民身份证", "id-card", "乙样例", "13900002031", "青禾县东街2号", asked=26, ready=14, sent=13, checked=True),
    Post("不动产权证书", "house-new", "其木格", "13900002032", "青禾县和谐家园3号楼", asked=19, ready=16, sent=15),
    Post("食品经营许可证", "food", "巴图", "13900002033", "青禾县民族路88号", asked=14, ready=9, sent=8, checked=True),
    Post("社会保障卡", "social-card", "斯琴", "13900002034", "青禾县白塔镇中心街5号", asked=9, ready=6, sent=5),
    Post("护照", "passport", "甲样例", "13900002035", "青禾县滨河小区7号楼", asked=7, ready=2, sent=1),
    Post("营业执照", "shop-licence", "乌兰", "13900002036", "青禾县市场西路21号", asked=3, ready=1),
    Post("往来港澳通行证", "travel-permit", "乙样例", "13900002037", "青禾县东街2号", asked=2),
    Post("门诊慢特病证", "medical-chronic", "寿演示", "13900002038", "青禾县白塔镇敬老院", asked=1),
)


def keep(tx: Tx, *, left: int) -> None:
    for item in FOUND:
        if left == item.day:
            _register(tx, item)
        if left == item.over:
            _close(tx, item)
    for number, letter in enumerate(MAILED):
        _post(tx, letter, number, left)


def _register(tx: Tx, item: Found) -> None:
    found.register(
        tx, name=item.name, found_at=tx.now - 20 * MINUTE, place=item.place, features=item.features,
        zone=item.zone if tx.get(Zone, item.zone) is not None else None, finder=item.finder,
        valuable=item.valuable, perishable=item.perishable,
    )  # fmt: skip


def _close(tx: Tx, item: Found) -> None:
    row = next((row for row in tx.find(found.HERE) if row.name == item.name), None)
    if row is None:  # found before this past begins
        return
    if item.valuable:
        found.hand_over(tx, items=[row.id or 0], receipt=POLICE)
    elif item.perishable:
        found.destroy(tx, item=row.id or 0, words="三日无人认领，按规定销毁", witness="何晓丽")
    else:
        signed = files.keep(tx, name="signature.png", media="image/png", content=_signature())
        found.claim(
            tx, item=row.id or 0, claimant=item.claimant, id_masked=masking.id_number("990000198803080000"),
            phone="13800001045", checked=True, signature=signed.id or 0, words="说出的特征与实物一致",
        )  # fmt: skip


def _post(tx: Tx, letter: Post, number: int, left: int) -> None:
    if left == letter.asked:
        personal: dict[str, Any] = {name: getattr(letter, name) for name in ("name", "phone", "address")}
        mail.register(tx, what=letter.what, service=letter.service, **personal)
    if left not in (letter.ready, letter.sent):
        return
    row = next((row for row in tx.find(mail.OPEN_ONES) if (row.what, row.name) == (letter.what, letter.name)), None)
    if row is None or row.id is None:
        return
    if left == letter.ready:
        mail.ready(tx, mail=row.id)
    else:
        mail.send(tx, mail=row.id, waybill=f"10900037{5201 + 37 * number}")
        if letter.checked:
            mail.check(tx, mail=row.id, name=CHECKED_BY)


def _signature() -> bytes:
    """A few strokes, as a finger draws them on the tablet."""
    picture = Image.new("1", (280, 120), 1)
    pen = ImageDraw.Draw(picture)
    for stroke in STROKES:
        pen.line(stroke, 0, 4, "curve")
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
