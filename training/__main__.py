"""`python -m training prepare|train|export|evaluate`."""

from __future__ import annotations

import argparse
from pathlib import Path

HERE = Path(__file__).parent


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    for name, words in (
        ("prepare", "corpora -> documents of words"),
        ("train", "documents -> weights; goes on where it stopped"),
    ):
        step = steps.add_parser(name, help=words)
        step.add_argument("--recipe", type=Path, default=HERE / "recipes" / "news.toml")
        step.add_argument("--work", type=Path, default=Path("training-work"), help="folder for what is made")
        if name == "prepare":
            step.add_argument("--data", type=Path, required=True, help="folder of corpora")
        else:
            step.add_argument("--start", type=Path, required=True, help="folder of MiniLM-L6's files")
            step.add_argument("--run", default=None, help="name of this run (default: the recipe's)")
            step.add_argument("--threads", type=int, default=0)
    return parser


def main() -> None:
    """Run one step."""
    options = _parser().parse_args()
    if options.step == "prepare":
        from training.prepare import prepare
        from training.train import recipe

        corpora = list(recipe(options.recipe)["corpora"])
        print(prepare(options.data, options.work / "prepared", corpora, "train"))
    elif options.step == "train":
        import torch

        from training.train import Trainer, recipe

        if options.threads:
            torch.set_num_threads(options.threads)
        name = options.run or options.recipe.stem
        Trainer(recipe(options.recipe), options.work / "prepared", options.start, options.work / name).run()


if __name__ == "__main__":
    main()
