"""Count lines of code, without blanks, comments and docstrings: python -m tests.code_lines base model"""

import argparse
import ast
import io
import tokenize
from pathlib import Path

_NO_CODE = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER
}  # fmt: skip


def main() -> None:
    """Print the count of each folder, and of all."""
    parser = argparse.ArgumentParser(prog="python -m tests.code_lines", description="Count lines of Python code.")
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    counts = {folder: sum(code_lines(path) for path in folder.rglob("*.py")) for folder in parser.parse_args().folders}
    for folder, count in counts.items():
        print(f"{folder!s:20} {count:7,}")
    print(f"{'all':20} {sum(counts.values()):7,}")


def code_lines(path: Path) -> int:
    """The number of lines of a file that hold code."""
    text = path.read_text(encoding="utf-8")
    docstrings = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in _NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(lines - docstrings)


if __name__ == "__main__":
    main()
