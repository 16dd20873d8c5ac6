"""Lists of labelled pictures: reading, checking, and keeping the decoded pictures in memory."""
import collections
import csv
import hashlib
import io
import pathlib
import sys

from PIL import Image, ImageOps

Item = collections.namedtuple("Item", "path label")


class Problem(SystemExit):
    """An error in the input, which is reported to the user without a stack trace."""


class Labels:
    """The classes in the order of the network's outputs. Either each has a coarse group, or none has."""

    def __init__(self, names, groups=None):
        self.names = list(names)
        self.groups = list(groups) if groups else None
        self.group_names = sorted(set(self.groups), key=self.groups.index) if groups else []
        self.group_of = [self.group_names.index(g) for g in self.groups] if groups else None

    @classmethod
    def from_csv(cls, path):
        """Reads `id,name[,coarse_id,coarse_name]` or the product's `index,label,…`."""
        rows = _rows(path)
        key = "id" if "id" in rows[0] else "index"
        name = "name" if key == "id" else "label"
        if key not in rows[0] or name not in rows[0]:
            raise Problem(f"{path}: the first line must have the columns id,name or index,label; it has {','.join(rows[0])}.")
        rows.sort(key=lambda row: int(row[key]))
        ids = [int(row[key]) for row in rows]
        if ids != list(range(len(ids))):
            raise Problem(f"{path}: {key} must count from 0 to {len(ids) - 1} without gaps or repeats.")
        groups = [row["coarse_name"] for row in rows] if "coarse_name" in rows[0] else None
        return cls([row[name] for row in rows], groups)

    @classmethod
    def from_lists(cls, lists):
        """Takes the classes from the lists themselves, in alphabetical order."""
        names = set()
        for path in lists:
            rows = _rows(path)
            if "label" not in rows[0]:
                raise Problem(f"{path} has no column `label`; with `class_id`, give --classes as well.")
            names.update(row["label"].strip() for row in rows if row["label"] and row["label"].strip())
        return cls(sorted(names))

    def write(self, path):
        """Writes `index,label`, the file that `edgeshelf model quantize --labels` takes."""
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("index", "label"), *enumerate(self.names)])


def _rows(path):
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path} cannot be read as CSV: {error}")
    if not rows:
        raise Problem(f"{path} lists nothing: it needs a first line `path,label` or `path,class_id` and one line per picture.")
    return rows


def read_list(path, labels, root=None):
    """Reads `path,label` or `path,class_id`; pictures are relative to `root`, or to the list's folder."""
    root = pathlib.Path(root) if root else pathlib.Path(path).parent
    rows = _rows(path)
    column = next((c for c in ("class_id", "label") if c in rows[0]), None)
    if "path" not in rows[0] or column is None:
        raise Problem(f"{path}: the first line must be `path,label` or `path,class_id`; it is {','.join(rows[0])}.")
    index = {name: number for number, name in enumerate(labels.names)}
    items, bad = [], []
    for line, row in enumerate(rows, start=2):
        value = (row[column] or "").strip()
        if column == "class_id":
            label = int(value) if value.isdigit() and int(value) < len(labels.names) else None
        else:
            label = index.get(value)
        if label is None:
            bad.append(f"  line {line}: {row['path']}: " + (f"no such class: {value}" if value else "no label"))
        else:
            items.append(Item(str(root / row["path"]), label))
    if bad:
        raise Problem(f"{path}: {len(bad)} pictures have no usable label:\n" + "\n".join(bad[:20])
                      + ("\n  …" if len(bad) > 20 else "") + "\nCorrect or remove these lines.")
    return items


def load(items, side, say=print, refuse=False):
    """Decodes all pictures, with at most `side` pixels on the shorter side, and returns (items, pictures).

    Pictures that cannot be decoded are listed and skipped, or refused. The same picture listed twice
    counts once; the same picture under two labels is refused, because one of them is wrong.
    """
    kept, pictures, broken, seen, repeats, clashes = [], [], [], {}, [], []
    for count, item in enumerate(items, start=1):
        try:
            data = pathlib.Path(item.path).read_bytes()
            picture = decode(data, side)
        except Exception as error:  # Pillow raises many kinds of exceptions for unusable pictures
            broken.append(f"  {item.path}: {error}")
            continue
        digest = hashlib.sha256(data).digest()
        if digest in seen:
            first = seen[digest]
            (repeats if first.label == item.label else clashes).append(f"  {item.path} is {first.path}")
            continue
        seen[digest] = item
        kept.append(item)
        pictures.append(picture)
        if count % 500 == 0:
            say(f"  decoded {count} of {len(items)}")
    if clashes:
        raise Problem("The same picture has two labels:\n" + "\n".join(clashes[:20]) + "\nRemove the wrong line of each pair.")
    for what, lines in (("cannot be decoded and are skipped", broken), ("are listed twice and are used once", repeats)):
        if lines:
            print(f"warning: {len(lines)} pictures {what}:\n" + "\n".join(lines[:20]), file=sys.stderr)
    if broken and refuse:
        raise Problem(f"{len(broken)} pictures cannot be decoded; remove them, or omit --strict to skip them.")
    if not kept:
        raise Problem("No picture of the list can be decoded.")
    return kept, pictures


def decode(data, side):
    """Decodes one picture as upright RGB, and reduces its shorter side to `side` if it is longer."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    picture = ImageOps.exif_transpose(picture)
    if picture.mode != "RGB":
        picture = picture.convert("RGB")
    if min(picture.size) < 8:
        raise ValueError(f"only {picture.width} x {picture.height} pixels")
    if side and min(picture.size) > side:
        scale = side / min(picture.size)
        picture = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.BILINEAR)
    return picture


def check_classes(items, labels):
    """Refuses classes without pictures and warns of classes too small to learn from."""
    counts = collections.Counter(item.label for item in items)
    empty = [name for number, name in enumerate(labels.names) if counts[number] == 0]
    if empty:
        raise Problem(f"{len(empty)} classes have no picture to train on: {', '.join(empty[:10])}"
                      + ("…" if len(empty) > 10 else "") + ". Add pictures or remove the classes.")
    if len(labels.names) < 2:
        raise Problem(f"There is only one class, {labels.names[0]}; a classifier needs at least two.")
    few = [f"{labels.names[n]} ({c})" for n, c in sorted(counts.items()) if c < 5]
    if few:
        print(f"warning: classes with fewer than 5 pictures are learned poorly: {', '.join(few[:10])}", file=sys.stderr)
