"""The program ``mogul``, which the wheel brings along."""

import os
import sys
from pathlib import Path


def main() -> None:
    program = Path(__file__).parent / "bin" / "mogul"
    os.execv(program, ["mogul", *sys.argv[1:]])
