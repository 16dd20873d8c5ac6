#!/usr/bin/python3
"""Makes a network to ship from the NuGet package's weights and labelled pictures, in two stages.

1. plain: the package's network learns the classes (20 epochs at 224 pixels, crops, mirroring and colour only).
2. strong: mixup, cutmix, erasing, turning, growing size, coarse groups and averaged weights, at low resolution.

  make_model.py --data train.csv --out shelf
  make_model.py --data train.csv val.csv --classes classes.csv --check devtest.csv --out grocery

The result is OUT/strong/resnet18.onnx. Running the same command again continues where it stopped.
With --plain, stage 1 is not run but taken from a .pt file.
"""
import argparse
import pathlib

import train

PLAIN = ["--epochs", "20", "--plain-epochs", "0", "--size", "224", "224", "--lr", "0.01", "--head-lr", "0.1", "--mix", "0",
         "--erase", "0", "--rotate", "0", "--smallest", "0.3", "--coarse", "0", "--ema", "0", "--seed", "0"]
STRONG = ["--freeze", "--epochs", "14", "--plain-epochs", "2", "--size", "128", "176", "--lr", "0.01", "--head-lr", "0.03",
          "--mix", "0.5", "--ema", "0.995", "--seed", "1"]


def main():
    """Runs the stages; each is skipped when its network is there already."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                epilog="Anything else is passed to both stages of train.py, such as --weights, --root or --threads.")
    p.add_argument("--data", nargs="+", required=True, metavar="LIST.csv", help="lists of `path,label` or `path,class_id`")
    p.add_argument("--weights", help="the package's .nupkg or .onnx (default: fetch the package with `dotnet`)")
    p.add_argument("--plain", metavar="MODEL.pt", help="the network of stage 1, to start at stage 2")
    p.add_argument("--out", required=True, help="folder; each stage has its own in it")
    o, passed = p.parse_known_args()
    out = pathlib.Path(o.out)
    first = o.plain or str(out / "plain/model.pt")
    if not pathlib.Path(first).exists():
        if o.plain:
            p.error(f"--plain {o.plain} does not exist")
        weights = ["--weights", o.weights] if o.weights else []
        train.main(["--data", *o.data, "--out", str(out / "plain"), *weights, *PLAIN, *passed])
    train.main(["--data", *o.data, "--out", str(out / "strong"), "--weights", first, *STRONG, *passed])


if __name__ == "__main__":
    main()
