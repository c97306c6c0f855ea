"""Formats stylesheets and scripts in place, or says which are not formatted.

    page_files.py [--check] FILE...

With --check nothing is written: a line `file:line: what is wrong` for each file. Templates have no formatter: where a line
ends is part of what a page shows.
"""

import sys
from itertools import zip_longest

import cssbeautifier
import jsbeautifier


def formatted(path: str, text: str) -> str:
    if path.endswith(".css"):
        options = cssbeautifier.default_options()
        options.indent_size = 2
        options.end_with_newline = True
        options.space_around_combinator = True
        return cssbeautifier.beautify(text, options)
    options = jsbeautifier.default_options()
    options.indent_size = 2
    options.end_with_newline = True
    options.brace_style = "collapse,preserve-inline"
    options.max_preserve_newlines = 2
    return jsbeautifier.beautify(text, options)


def main(arguments: list[str]) -> None:
    check = "--check" in arguments
    for path in arguments:
        if path.startswith("--"):
            continue
        with open(path, encoding="utf-8") as file:
            text = file.read()
        right = formatted(path, text)
        if right == text:
            continue
        if not check:
            with open(path, "w", encoding="utf-8") as file:
                file.write(right)
            continue
        pairs = enumerate(zip_longest(text.split("\n"), right.split("\n")), start=1)
        line = next(number for number, (ours, theirs) in pairs if ours != theirs)
        print(f"{path}:{line}: not formatted; `make format` does it")


main(sys.argv[1:])
