#!/usr/bin/python3
"""Makes a network to ship from the NuGet package's weights and labelled pictures, in three stages.

1. plain: the package's network learns the classes (20 epochs at 224 pixels, with crops, mirroring and colour changes only).
2. strong: training continues at low resolution, with mixup, cutmix, erasing, rotation, growing size, coarse groups and averaged weights.
3. mean: the weights of both networks are averaged, which is more accurate than either network.

  make_model.py --data train.csv --out shelf
  make_model.py --data train.csv --held-out val.csv --classes classes.csv --check devtest.csv --out grocery

The result is OUT/mean/resnet18.onnx. Running the same command again continues where it stopped.
With --held-out, stages 2 and 3 run once more without those pictures. OUT/unseen/mean/resnet18.onnx is made like the result but has not
seen them, so it can be used to determine the temperature and the review thresholds.
With --plain, the network of stage 1 is read from a .pt file instead of being trained.
"""
import argparse
import pathlib

import average
import train

PLAIN = ["--epochs", "20", "--plain-epochs", "0", "--size", "224", "224", "--lr", "0.01", "--head-lr", "0.1", "--mix", "0",
         "--erase", "0", "--rotate", "0", "--light", "0.5", "--smallest", "0.3", "--coarse", "0", "--ema", "0", "--seed", "0"]
STRONG = ["--freeze", "--epochs", "14", "--plain-epochs", "2", "--size", "128", "176", "--lr", "0.01", "--head-lr", "0.03",
          "--mix", "0.5", "--ema", "0.995", "--seed", "1"]


def main():
    """Runs the stages. A stage is skipped if its network already exists."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                allow_abbrev=False,
                                epilog="All other options are passed to each run of train.py, such as --classes or --threads.")
    p.add_argument("--data", nargs="+", required=True, metavar="LIST.csv", help="lists of `path,label` or `path,class_id`")
    p.add_argument("--held-out", nargs="+", default=[], metavar="LIST.csv", help="lists that the result learns in stage 2, but OUT/unseen/mean never learns")
    p.add_argument("--weights", help="the package's .nupkg or .onnx (default: fetch the package with `dotnet`)")
    p.add_argument("--plain", metavar="MODEL.pt", help="the network of stage 1, to start at stage 2")
    p.add_argument("--check", metavar="LIST.csv", help="list on which each finished network is measured; it does not affect any choice")
    p.add_argument("--root", help="folder the paths are relative to (default: the list's own)")
    p.add_argument("--resize", default="288", help="shorter side at the check (%(default)s)")
    p.add_argument("--crop", default="256", help="side of the centre crop at the check, and of the exported input (%(default)s)")
    p.add_argument("--out", required=True, help="folder for the results, with a subfolder for each stage")
    o, passed = p.parse_known_args()
    out = pathlib.Path(o.out)
    shared = ["--resize", o.resize, "--crop", o.crop]
    for name in ("check", "root"):
        if getattr(o, name):
            shared += ["--" + name, getattr(o, name)]
    first = o.plain or str(out / "plain/model.pt")
    if o.plain and not pathlib.Path(first).exists():
        p.error(f"--plain {o.plain} does not exist")
    if not pathlib.Path(first).exists():
        weights = ["--weights", o.weights] if o.weights else []
        train.main(["--data", *o.data, "--out", str(out / "plain"), *weights, *PLAIN, *shared, *passed])
    learned = pathlib.Path(first).with_name("labels.csv")
    classes = ["--classes", str(learned)] if learned.exists() else []
    for folder, held_out in [(out, o.held_out)] + ([(out / "unseen", [])] if o.held_out else []):
        strong = folder / "strong"
        if not (strong / "model.pt").exists():
            train.main(["--data", *o.data, *held_out, "--out", str(strong), "--weights", first, *STRONG, *shared, *classes, *passed])
        average.main([first, str(strong / "model.pt"), "--classes", str(strong / "labels.csv"), "--out", str(folder / "mean"), *shared])


if __name__ == "__main__":
    main()
