"""What the demo's screens show in turn: pages of the hall's own words, two results made public, a plan of all kinds."""

from __future__ import annotations

from datetime import date, timedelta

from hallq.kernel import Tx
from hallq.public import plans

SHOWN_DAYS = 15
SECONDS = 12
PAGES = (
    ("窗口文明用语", "What you may expect to hear",
     "您好，请坐，请问您办理什么业务？\n请稍等，我马上为您核对。\n您的材料齐全，现在为您办理。\n"
     "还缺这份材料，我为您写在一次性告知书上。\n请您对我的服务作出评价，谢谢。请慢走，再见。",
     "A greeting and a seat; what is missing said once and in writing; a goodbye, and your rating."),
    ("免费打印复印", "Free printing and copying",
     "一楼总导询台为办事群众免费提供打印、复印、扫描服务。\n需要帮助时，请找身穿蓝马甲的工作人员。",
     "Printing, copying and scanning are free at the information desk on floor 1."),
    ("证照免费邮寄", "Results sent by post, free of charge",
     "当场不能取得的证照、批文，可以免费邮寄到家。\n办理时告诉窗口工作人员收件人、电话和地址即可，不用再跑一趟。",
     "What is not ready at once can be sent to you. Tell the clerk your address."),
)  # fmt: skip
RESULTS = (
    ("其木格、斯琴", False, "城乡居民最低生活保障申请", "拟纳入低保，如有意见请在公示期内反映"),
    ("青禾县田园农民专业合作社", True, "农民专业合作社示范社认定", "准予认定"),
)
KINDS = ("windows", "promises", "suspended", "phones", "ratings", "lost", "results")


def hang(tx: Tx, *, today: date) -> None:
    for number, (title, title_en, body, body_en) in enumerate(PAGES):
        plans.save_page(
            tx, title=title, title_en=title_en, body=body, body_en=body_en, from_day=None, until_day=None, ord=number,
            active=True,
        )  # fmt: skip
    for who, company, matter, result in RESULTS:
        plans.publish(
            tx, who=who, company=company, matter=matter, result=result, service=None, from_day=today.isoformat(),
            until_day=(today + timedelta(days=SHOWN_DAYS)).isoformat(),
        )  # fmt: skip
    own = [f"{plans.OWN}{row.id}" for row in tx.find(plans.CONTENT)]
    turns: list[plans.Turn] = [{"page": page, "seconds": SECONDS} for page in (*KINDS, *own)]
    plans.save_plan(tx, zone="", pages=turns, days=range(1, 8), start="00:00", until="24:00", active=True)
