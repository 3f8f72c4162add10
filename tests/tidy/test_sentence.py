"""One sentence says what the project is; every way in opens with it."""

import ast
import tomllib

from tidy.source import ROOT, SRC


def sentence() -> str:
    """The description in pyproject.toml."""
    return str(
        tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["description"]
    )


def opens_with(text: str | None, words: str) -> bool:
    """Whether the first paragraph that is not a heading starts with the words, however wrapped."""
    paragraphs = [" ".join(one.split()) for one in (text or "").split("\n\n")]
    prose = [one for one in paragraphs if one and not one.startswith(("#", "[", "<"))]
    return bool(prose) and prose[0].replace("*", "").lstrip("> ").startswith(words)


def test_another_first_sentence_is_noticed() -> None:
    assert not opens_with("# Boxout\n\nA pipeline engine. One sentence.", "One sentence.")


def test_a_heading_and_line_breaks_do_not_matter() -> None:
    assert opens_with("# Boxout\n\n**One\nsentence.** More.", "One sentence.")


def test_the_package_opens_with_the_sentence() -> None:
    tree = ast.parse((SRC / "boxout/__init__.py").read_text("utf-8"))
    assert opens_with(ast.get_docstring(tree), sentence())


def test_the_readme_opens_with_the_sentence() -> None:
    readme = ROOT / "README.md"
    assert not readme.exists() or opens_with(readme.read_text("utf-8"), sentence())
