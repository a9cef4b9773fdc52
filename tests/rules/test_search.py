"""Items are found by hanzi, pinyin, initials and English, also by who reads a hanzi another way (H05, H15)."""

from __future__ import annotations

import time

import pytest

from hallq.items.search import Entry, Index

ITEMS = Index(
    [
        Entry("id", ("办身份证、补身份证", "Get or replace an ID card"), ("二代证",), ("身份证和户口", "户政")),
        Entry("hukou", ("给孩子上户口", "Register a child"), (), ("身份证和户口", "户政")),
        Entry("loan", ("重庆银行贷款",)),
        Entry("lawyer", ("律师执业许可", "Practise law")),
        Entry("woman", ("女职工生育津贴",)),
        Entry("green", ("绿化工程备案（A类）", "Planting works")),
    ]
)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("身份证", "id"), ("sfz", "id"), ("SFZ", "id"), ("shenfenzheng", "id"), ("shen fen zheng", "id"),
        ("shenfz", "id"), ("身fz", "id"), ("shfzh", "id"), ("shenfenz", "id"), ("erdaizheng", "id"), ("id card", "id"),
        ("idcard", "id"), ("replace", "id"), ("hukou", "hukou"), ("hk", "hukou"), ("child", "hukou"),
        ("chongqing", "loan"), ("zhongqing", "loan"), ("cqyh", "loan"), ("yinhang", "loan"), ("yinxing", "loan"),
        ("lvshi", "lawyer"), ("lushi", "lawyer"), ("lüshi", "lawyer"), ("lǜshī", "lawyer"), ("ls", "lawyer"),
        ("nvzhigong", "woman"), ("nuzg", "woman"), ("lvhua", "green"), ("a类", "green"), ("ａ类", "green"),
    ],
)  # fmt: skip
def test_items_are_found_in_every_way_of_typing_h05(query: str, first: str) -> None:
    assert ITEMS.search(query)[:1] == [first]


def test_a_name_stands_before_an_alias_a_matter_and_a_department_h15() -> None:
    assert ITEMS.search("sfz") == ["id", "hukou"]  # the second by its matter alone
    assert ITEMS.search("huzheng") == ["id", "hukou"]
    assert ITEMS.search("hu")[0] == "hukou"
    assert ITEMS.search("") == ["id", "hukou", "loan", "lawyer", "woman", "green"]
    assert ITEMS.search("card") == ["id"]
    assert ITEMS.search("ard") == ITEMS.search("xq") == ITEMS.search("！？😀") == []
    assert ITEMS.search("sfz 补") == ITEMS.search("card replace") == ["id"]  # each word somewhere


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("身分证", "id"), ("绿化工成", "green"), ("我要补身份证", "id"), ("孩子怎么上户口", "hukou"),
        ("贷款银行", "loan"), ("户工备", "green"),
        ("shenfemzheng", "id"), ("sfzq", "id"), ("gei haizi luohu", "hukou"),
    ],
)  # fmt: skip
def test_words_that_find_nothing_have_near_ones_h05(query: str, first: str) -> None:
    assert ITEMS.search(query) == [] and ITEMS.near(query)[:1] == [first]
    assert Index([]).near("a") == []
    assert all(ITEMS.near(nonsense) == [] for nonsense in ("xqxqxq", "！？", "", "鑫户"))


def test_two_thousand_items_are_searched_within_fifty_milliseconds_h05() -> None:
    """The bench gives the figure on the wall; here it is the processor's, since tests share the machine."""
    names = ("办身份证、补身份证", "公司注册、变更登记", "食品经营许可证核发", "房屋买卖缴税")
    index = Index(Entry(f"s{n}", (f"{names[n % 4]}{n}", f"Register {n}"), (), ("证照", "户政")) for n in range(2000))
    index.search("z")  # imports the table of readings
    began = time.thread_time()
    found = [index.search(query) for query in ("spjyxkz", "gongsizhuce", "1234")]
    assert (time.thread_time() - began) / 3 < 0.05
    began = time.thread_time()
    near = [index.near(query) for query in ("我想给我的公司办理注册登记", "食品经莹许可", "fangwumaimaijiaoshuiq")]
    assert (time.thread_time() - began) / 3 < 0.05 and all(near)
    assert [len(some) for some in found] == [500, 500, 1]
