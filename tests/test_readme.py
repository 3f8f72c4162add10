import contextlib
import io
import re
from pathlib import Path

from boxout.cli.main import app

README = (Path(__file__).parents[1] / "README.md").read_text()


def test_the_example_prints_what_the_readme_shows():
    code = re.search(
        r"## One runnable example\n\n```python\n(.*?)```\n\n```text\n(.*?)```", README, re.DOTALL
    )
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code[1], {})
    assert printed.getvalue() == code[2]


def test_every_command_is_in_the_readme():
    for command in app.registered_commands:
        assert re.search(rf"\b{command.name}\b", README), command.name
    for group in app.registered_groups:
        for command in group.typer_instance.registered_commands:
            assert re.search(rf"`{group.name} [^|]*\b{command.name}\b", README), command.name
