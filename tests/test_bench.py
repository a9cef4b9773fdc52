"""The bench writes what it measured under its heading and leaves the rest of the page as it was."""

from bench.report import placed

PAGE = "# What\n\nwords\n\n## Last\n\nold\n\n## A month\n\nolder\n"


def test_a_part_replaces_its_own_section_alone() -> None:
    assert placed(PAGE, "## Last\n", "new\n") == "# What\n\nwords\n\n## Last\n\nnew\n\n## A month\n\nolder\n"
    assert placed(PAGE, "## A month\n", "new\n") == "# What\n\nwords\n\n## Last\n\nold\n\n## A month\n\nnew\n"
    assert placed("# What\n", "## Last\n", "new\n") == "# What\n\n## Last\n\nnew\n"
    assert placed("", "## Last\n", "new\n") == "## Last\n\nnew\n"
