"""paths: every class of hostile name ends as one harmless component, and no two entries have one place."""

import pytest

from commonlib.safename import safe_name
from commonlib.transfer.messages import EntryKind
from commonlib.transfer.paths import Placed, TreePaths, order_key, safe_component
from commonlib.transfer.stream import TransferError

FILE, FOLDER, LINK = EntryKind.FILE, EntryKind.FOLDER, EntryKind.LINK


def placed(*lines: tuple[int, EntryKind, str]) -> list[str]:
    """Where the lines of a manifest go."""
    paths = TreePaths()
    return ["/".join(paths.place(*line).path) for line in lines]


@pytest.mark.parametrize(
    ("name", "inner", "component"),
    [
        ("..", True, "unnamed"),
        (".", True, "unnamed"),
        ("...", True, "unnamed"),
        ("../../x", True, "__.._x"),
        ("/etc/passwd", True, "_etc_passwd"),
        ("C:\\x", True, "C__x"),
        ("C:", True, "C_"),
        ("\\\\host\\share", True, "__host_share"),
        ("file.txt:stream", True, "file.txt_stream"),
        ("con", True, "_con"),
        ("NUL.txt", True, "_NUL.txt"),
        ("com1 .x", True, "_com1 .x"),
        ("LPT²", True, "_LPT²"),
        ("CONIN$", True, "_CONIN$"),
        ("trailing. ", True, "trailing"),
        ("trailing.", True, "trailing"),
        (" leading", True, "leading"),
        ("a\0b\n", True, "a_b_"),
        ("gpj\u202eexe", True, "gpjexe"),
        ("a\u200bb", True, "ab"),
        ("desktop.ini", True, "_desktop.ini"),
        ("Autorun.INF", True, "_Autorun.INF"),
        ("x.part", True, "x_part"),
        ("e\u0301", True, "é"),
        ("\ud800", True, "_"),
        (".gitignore", True, ".gitignore"),
        (".gitignore", False, "_gitignore"),
        (".con", True, "._con"),
        (". x", True, ".x"),
        ("..x", True, "_x"),
        ("plain (1).txt", True, "plain (1).txt"),
        ("x" * 300, True, "x" * 235),
    ],
)
def test_a_name_becomes_one_harmless_component(name: str, inner: bool, component: str) -> None:
    """One row for each class of name that was ever used to break in."""
    assert safe_component(name, inner=inner) == component


@pytest.mark.parametrize("name", ["con", "aux.txt", "com9", "lpt0.x", "clock$", "a.part", "a.PART", "thumbs.db", "a."])
def test_the_short_way_does_not_miss_what_the_long_one_knows(name: str) -> None:
    """Names of plain letters that are not harmless all the same."""
    assert safe_component(name, inner=True) == safe_name(name).name != name


def test_a_tree_is_told_by_depths() -> None:
    """A folder holds what follows it with a greater depth."""
    assert placed((0, FOLDER, "a"), (1, FOLDER, "b"), (2, FILE, "c"), (1, FILE, "d"), (0, FILE, "e")) == [
        "a",
        "a/b",
        "a/b/c",
        "a/d",
        "e",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [(1, FILE, "a")],
        [(0, FILE, "a"), (1, FILE, "b")],
        [(0, LINK, "a"), (1, FILE, "b")],
        [(0, FOLDER, "a"), (2, FILE, "b")],
        [(0, FOLDER, "a"), (0, FILE, "b"), (1, FILE, "c")],
    ],
)
def test_what_is_in_no_folder_is_a_lie(lines: list[tuple[int, EntryKind, str]]) -> None:
    """Nothing is in a file or a link, and a folder that was left stays left."""
    with pytest.raises(TransferError):
        placed(*lines)


def test_twins_and_whatever_is_out_of_order_get_numbers() -> None:
    """The same name, the same but for case or accents, the same once mapped, and one that comes too late."""
    names = ["a", "A", "a", "b:c", "b?c", "é", "e\u0301", "a"]
    assert placed(*((0, FILE, name) for name in names)) == [
        "a",
        "A (~2)",
        "a (~3)",
        "b_c",
        "b_c (~4)",
        "é",
        "é (~5)",
        "a (~6)",
    ]


def test_a_number_cannot_be_taken_beforehand() -> None:
    """A name that looks numbered gets a number of its own, before or after the twin that it is made for."""
    assert placed((0, FILE, "a (~2)"), (0, FILE, "b"), (0, FILE, "b")) == ["a (~2) (~2)", "b", "b (~3)"]
    assert placed((0, FILE, "a.txt"), (0, FILE, "a.txt"), (0, FILE, "a.txt (~2)")) == [
        "a.txt",
        "a (~2).txt",
        "a.txt (~2) (~3)",
    ]


def test_numbers_are_counted_in_each_folder() -> None:
    """A twin folder is a folder of its own, and what is in it is alone there."""
    assert placed((0, FOLDER, "d"), (1, FILE, "a"), (0, FOLDER, "D"), (1, FILE, "a"), (1, FILE, "a")) == [
        "d",
        "d/a",
        "D (~2)",
        "D (~2)/a",
        "D (~2)/a (~2)",
    ]


def test_the_order_is_the_one_of_harmless_names_without_case() -> None:
    """So names that might meet on some disk stand side by side."""
    names = ["b", "A", "a:", "a_", ".a", "É", "f"]
    assert sorted(names, key=lambda name: order_key(name, inner=True)) == [".a", "A", "a:", "a_", "b", "f", "É"]
    assert order_key(".a", inner=False) == "_a"


def link(*folders: str, target: str) -> Placed:
    """A link in folders within one another."""
    paths = TreePaths()
    for depth, name in enumerate(folders):
        paths.place(depth, FOLDER, name)
    return paths.place(len(folders), LINK, "link", target)


@pytest.mark.parametrize(
    ("target", "made"),
    [
        ("x", "x"),
        ("./x//y", "x/y"),
        ("../x", "../x"),
        ("..", ".."),
        ("con/a:b", "_con/a_b"),
        (".hidden", ".hidden"),
        ("/".join("x" * 100), "/".join("x" * 100)),
    ],
)
def test_a_link_within_the_folder_may_be_made(target: str, made: str) -> None:
    """Names in it become what the transfer makes of such names."""
    assert link("top", "sub", target=target) == Placed(("top", "sub", "link"), made)


@pytest.mark.parametrize(
    "target",
    [
        "",
        ".",
        "/",
        "/etc",
        "../..",
        "../../x",
        "x/..",
        "x/../y",
        "../x/../..",
        "C:",
        "c:x",
        "a\\b",
        "\\\\h\\s",
        "..\\..",
        "/".join("x" * 101),
    ],
)
def test_a_link_to_anywhere_else_is_not_made(target: str) -> None:
    """Absolute, of a drive, out of the folder, or back through names that may be links themselves."""
    made = link("top", "sub", target=target)
    assert made.refusal
    assert made.target == ""


def test_a_link_at_the_top_is_not_made() -> None:
    """It would name something of the receiver's."""
    assert link(target="x").refusal
