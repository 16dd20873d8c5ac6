#!/usr/bin/python3
"""Splits lists into cross-validation folds that keep the pictures of a shop visit together.

Pictures of one visit have neighbouring numbers in their file names, so each class is cut in the order of these
numbers into one block per fold. Pictures next to a cut can be excluded from training (--guard), because the
cut may go through a visit.

  folds.py train.csv val.csv --folds 5 --out folds
  train.py --data folds/0-train.csv --held-out folds/0-held-out.csv --root . --classes classes.csv --out fold0
"""
import argparse
import collections
import csv
import pathlib
import re


def order(path):
    """Returns the sort key: the folder, then the last number of the file name."""
    numbers = re.findall(r"\d+", pathlib.PurePath(path).stem)
    return str(pathlib.PurePath(path).parent), int(numbers[-1]) if numbers else 0, path


def split(rows, column, folds, guard):
    """Yields (training rows, held-out rows) for each fold."""
    by_class = collections.defaultdict(list)
    for row in rows:
        by_class[row[column]].append(row)
    for fold in range(folds):
        train, held = [], []
        for group in by_class.values():
            group = sorted(group, key=lambda row: order(row["path"]))
            start, end = (round(len(group) * f / folds) for f in (fold, fold + 1))
            held += group[start:end]
            train += group[:max(0, start - guard)] + group[end + guard:]
        yield train, held


def main():
    """Writes N-train.csv and N-held-out.csv for each fold."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("lists", nargs="+", metavar="LIST.csv")
    p.add_argument("--folds", type=int, default=5, help="(%(default)s)")
    p.add_argument("--guard", type=int, default=1, help="pictures left out of training on each side of a cut (%(default)s)")
    p.add_argument("--out", required=True, help="folder for the lists")
    o = p.parse_args()
    if o.folds < 2:
        p.error("--folds must be at least 2")
    rows = []
    for path in o.lists:
        with open(path, newline="", encoding="utf-8-sig") as file:
            rows += csv.DictReader(file)
    column = next((c for c in ("class_id", "label") if rows and c in rows[0]), None)
    if column is None or any(row.get(column) is None or row.get("path") is None for row in rows):
        raise SystemExit("Each list must have the same columns: `path,label` or `path,class_id`.")
    small = [name for name, count in collections.Counter(row[column] for row in rows).items() if count < o.folds]
    if small:
        print(f"warning: classes with fewer than {o.folds} pictures are missing from some folds: {', '.join(small[:10])}")
    out = pathlib.Path(o.out)
    out.mkdir(parents=True, exist_ok=True)
    for number, (train, held) in enumerate(split(rows, column, o.folds, o.guard)):
        for name, part in (("train", train), ("held-out", held)):
            with open(out / f"{number}-{name}.csv", "w", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["path", column])
                writer.writerows([row["path"], row[column]] for row in part)
        print(f"fold {number}: {len(train)} to train on, {len(held)} held out")


if __name__ == "__main__":
    main()
