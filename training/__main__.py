"""Make the news model anew, step by step.

  python -m training prepare  --data CORPORA --work WORK
  python -m training silver   --work WORK --model EXPORTED --trees EXPORTED
  python -m training train    --work WORK --start MINILM
  python -m training export   --work WORK --start MINILM --out tasks/models/news
  python -m training evaluate --work WORK --out tasks/models/news --calibrate

Each step takes --recipe (training/recipes/news.toml by default). `train` saves after every epoch and goes on
where it stopped. README.md in this folder says where the corpora and the weights to start from are had.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    steps = parser.add_subparsers(dest="step", required=True)
    for name, words in (
        ("prepare", "corpora -> documents of words"),
        ("silver", "documents -> the same with the layers that exported models fill in"),
        ("train", "documents -> weights; goes on where it stopped"),
        ("export", "weights -> the folder that ships"),
        ("evaluate", "calibration on the development part"),
    ):
        step = steps.add_parser(name, help=words)
        step.add_argument("--recipe", type=Path, default=HERE / "recipes" / "news.toml")
        step.add_argument("--work", type=Path, default=Path("training-work"), help="folder for what is made")
        if name == "prepare":
            step.add_argument("--data", type=Path, required=True, help="folder of corpora")
        if name == "silver":
            step.add_argument("--model", type=Path, required=True, help="exported: names, attributions")
            step.add_argument("--trees", type=Path, required=True, help="exported: trees")
        if name in {"train", "export"}:
            step.add_argument("--start", type=Path, required=True, help="folder of MiniLM-L6's files")
            step.add_argument("--run", help="name of this run (default: the recipe's)")
        if name == "train":
            step.add_argument("--threads", type=int, default=0, help="0: as many as there are cores")
            step.add_argument("--workers", type=int, default=0, help="processes that make batches")
            step.add_argument("--epochs", type=int, help="(default: the recipe's)")
            step.add_argument("--seed", type=int, help="(default: the recipe's)")
        if name in {"export", "evaluate"}:
            step.add_argument("--out", type=Path, required=True, help="folder of the model")
        if name == "export":
            step.add_argument("--version", default="1.0", help="of the model")
            step.add_argument("--arithmetic", choices=("dynamic", "static", "fp32"), default="dynamic")
            step.add_argument("--max-pieces", type=int, help="of a window (default: the recipe's)")
            step.add_argument("--bits", type=int, choices=(7, 8), default=7, help="of a weight")
        if name == "evaluate":
            step.add_argument(
                "--calibrate", action="store_true", help="write the temperatures into the model"
            )
    return parser


def _prepare(options: argparse.Namespace, plan: dict[str, Any]) -> None:
    from training.prepare import prepare

    labelled, texts = list(plan["corpora"]), list(plan.get("unlabelled", {}))
    for part, corpora in (("train", labelled), ("dev", labelled), ("text", texts)):
        for corpus, count in prepare(options.data, options.work / "prepared", corpora, part).items():
            print(f"{count:7,} documents  {corpus} {part}")


def _silver(options: argparse.Namespace, plan: dict[str, Any]) -> None:
    from training import documents, silver
    from training.train import file_of

    annotate, vocab = silver.annotator(options.model, options.trees)
    prepared = options.work / "prepared"
    for corpus, share in plan["silver"].items():
        train, text, out = (file_of(prepared, corpus, part) for part in ("train", "text", "silver"))
        given = silver.some(documents.read(train if train.exists() else text), share)
        count = documents.write(out, silver.fill(given, annotate, vocab))
        print(f"{count:7,} documents  {corpus} silver", flush=True)


def _train(options: argparse.Namespace, plan: dict[str, Any]) -> None:
    import torch

    from training.train import Trainer

    if options.threads:
        torch.set_num_threads(options.threads)
    plan |= {name: value for name in ("epochs", "seed") if (value := getattr(options, name)) is not None}
    folder = options.work / _run(options)
    Trainer(plan, options.work / "prepared", options.start, folder, workers=options.workers).run()


def _run(options: argparse.Namespace) -> str:
    return options.run or options.recipe.stem


def _export(options: argparse.Namespace, plan: dict[str, Any]) -> None:
    from training.export import export
    from training.graph import Arithmetic
    from training.train import file_of

    arithmetic = Arithmetic(options.arithmetic, options.bits)
    newswire = file_of(options.work / "prepared", next(iter(plan["corpora"])), "train")
    calibration = newswire if options.arithmetic == "static" else None
    state = options.work / _run(options) / "state.pt"
    export(
        state, options.start / "vocab.txt", options.out, options.version, arithmetic, calibration=calibration
    )


def _evaluate(options: argparse.Namespace, plan: dict[str, Any]) -> None:
    from training.evaluate import calibrate
    from training.train import file_of

    files = [file_of(options.work / "prepared", corpus, "dev") for corpus in plan["corpora"]]
    figures = calibrate(options.out, [file for file in files if file.exists()], write=options.calibrate)
    print(json.dumps(figures, indent=1))


STEPS = {"prepare": _prepare, "silver": _silver, "train": _train, "export": _export, "evaluate": _evaluate}


def main() -> int:
    """Run one step; 2 when a file is missing."""
    from training.train import recipe

    options = _parser().parse_args()
    try:
        STEPS[options.step](options, recipe(options.recipe))
    except FileNotFoundError as error:
        print(f"{error.filename or error} is not there", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
