#!/usr/bin/python3
"""Measures a network (.pt of train.py, or .onnx) on labelled pictures: top-1, top-3, and which classes are confused.

  evaluate.py run1/resnet18.onnx --data devtest.csv --classes classes.csv
  evaluate.py run1/model.pt --data val.csv --classes classes.csv --at 256:224 288:256 --confusions 15
"""
import argparse
import collections
import json

import torch

import cntk_weights
import evaluation
import network
import onnx_network
import pictures


def load(path, classes):
    """Loads the network in a .pt or .onnx file."""
    if path.endswith(".onnx"):
        net = onnx_network.OnnxNetwork(path)
        if net.classes not in (None, classes):
            raise SystemExit(f"{path} has {net.classes} classes and the list of classes {classes}.")
        return net
    return network.resnet18(classes, cntk_weights.initial_state(path, classes, None))


def pair(text):
    """Parses a test size such as `256:224`."""
    try:
        resize, crop = (int(part) for part in text.split(":"))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not RESIZE:CROP, such as 256:224")
    if not 32 <= crop <= resize:
        raise argparse.ArgumentTypeError(f"{text}: the crop must be at least 32 and not larger than the resize")
    return resize, crop


def main():
    """Prints one line for each test size."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("models", nargs="+", help="model.pt or .onnx files; several are measured one by one, then as an ensemble")
    p.add_argument("--data", nargs="+", required=True, metavar="LIST.csv", help="`path,label` or `path,class_id`")
    p.add_argument("--root", help="folder the paths are relative to (default: the list's own)")
    p.add_argument("--classes", metavar="CSV", help="the classes and their order (default: from the lists' labels)")
    p.add_argument("--at", nargs="+", type=pair, default=[(256, 224)], metavar="RESIZE:CROP", help="test sizes (256:224)")
    p.add_argument("--confusions", type=int, default=0, metavar="N", help="list the N most frequent confusions")
    p.add_argument("--json", action="store_true", help="print one JSON object per line")
    p.add_argument("--threads", type=int, default=1, help="(%(default)s)")
    o = p.parse_args()
    torch.set_num_threads(o.threads)
    labels = pictures.Labels.from_csv(o.classes) if o.classes else pictures.Labels.from_lists(o.data)
    items = [item for path in o.data for item in pictures.read_list(path, labels, o.root)]
    items, decoded = pictures.load(items, max(512, max(r for r, _ in o.at)), say=lambda _: None)
    wanted = [item.label for item in items]
    nets = [(path, load(path, len(labels.names))) for path in o.models]
    for resize, crop in o.at:
        answers = [evaluation.logits(net, decoded, resize, crop) for _, net in nets]
        named = [(path, out) for (path, _), out in zip(nets, answers)]
        if len(nets) > 1:
            named.append(("ensemble", torch.stack([a.softmax(dim=1) for a in answers]).mean(dim=0)))
        for name, out in named:
            top1, top3 = (evaluation.top(out, wanted, k) for k in (1, 3))
            if o.json:
                print(json.dumps({"model": name, "resize": resize, "crop": crop, "images": len(items), "top1": top1, "top3": top3}))
            else:
                print(f"{name}  resize {resize} crop {crop}: {len(items)} pictures, top-1 {100 * top1:.2f} %, top-3 {100 * top3:.2f} %", flush=True)
        wrong = collections.Counter((w, g) for w, g in zip(wanted, named[-1][1].argmax(dim=1).tolist()) if w != g)
        for (was, given), count in wrong.most_common(o.confusions):
            print(f"  {count:3d}  {labels.names[was]} taken for {labels.names[given]}")


if __name__ == "__main__":
    main()
