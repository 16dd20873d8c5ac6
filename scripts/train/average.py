#!/usr/bin/python3
"""Averages the weights of several finished runs (a model soup) and exports the result.

All runs must start from the same weights, or one run must start from another. Batch statistics are also averaged or, with
--recalibrate, measured again on training pictures.

  average.py run1/model.pt run2/model.pt --classes classes.csv --check devtest.csv --out soup
"""
import argparse
import pathlib
import random

import torch

import augment
import cntk_weights
import evaluation
import network
import pictures


def mean_state(states, shares=None):
    """Returns the weighted mean of state dicts. Counters are taken from the first one."""
    shares = shares or [1 / len(states)] * len(states)
    return {name: sum(share * s[name] for share, s in zip(shares, states)) if value.is_floating_point() else value
            for name, value in states[0].items()}


@torch.no_grad()
def recalibrate(net, decoded, size=176, seed=0):
    """Measures all batch-normalization statistics again on augmented training pictures."""
    chance = random.Random(seed)
    torch.manual_seed(seed)
    norms = [m for m in net.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # a plain mean over all batches
    net.train()
    order = list(range(len(decoded)))
    chance.shuffle(order)
    for start in range(0, len(order) - 63, 64):
        batch = augment.to_batch([augment.random_crop(decoded[i], size, chance) for i in order[start:start + 64]])
        net(augment.normalize(augment.light(batch)))
    return net.eval()


def main(arguments=None):
    """Averages the models, measures the result and exports it."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("models", nargs="+", metavar="MODEL.pt")
    p.add_argument("--shares", nargs="+", type=float, help="weight of each model (default: equal)")
    p.add_argument("--recalibrate", nargs="+", default=[], metavar="LIST.csv", help="training pictures to measure batch statistics on")
    p.add_argument("--root", help="folder the paths are relative to (default: the list's own)")
    p.add_argument("--classes", required=True, metavar="CSV", help="the classes and their order, such as train.py's labels.csv")
    p.add_argument("--size", type=int, default=176, help="side of the crops for --recalibrate (%(default)s)")
    p.add_argument("--resize", type=int, default=256, help="shorter side at the check (%(default)s)")
    p.add_argument("--crop", type=int, default=224, help="side of the centre crop at the check, and of the exported input (%(default)s)")
    p.add_argument("--check", metavar="LIST.csv", help="list to measure the result on")
    p.add_argument("--out", required=True, help="folder for model.pt, resnet18.onnx and labels.csv")
    p.add_argument("--threads", type=int, default=1, help="(%(default)s)")
    o = p.parse_args(arguments)
    torch.set_num_threads(o.threads)
    if o.shares and (len(o.shares) != len(o.models) or abs(sum(o.shares) - 1) > 1e-6):
        p.error("--shares needs one number for each model, and they must add up to 1")
    labels = pictures.Labels.from_csv(o.classes)
    classes = len(labels.names)
    states = [cntk_weights.initial_state(path, classes, None) for path in o.models]
    net = network.resnet18(classes, mean_state(states, o.shares))
    if o.recalibrate:
        items = [item for path in o.recalibrate for item in pictures.read_list(path, labels, o.root)]
        recalibrate(net, pictures.load(items, 384, say=print)[1], o.size)
    out = pathlib.Path(o.out)
    out.mkdir(parents=True, exist_ok=True)
    network.save(net.state_dict(), out / "model.pt")
    network.export(net, out / "resnet18.onnx", size=o.crop)
    labels.write(out / "labels.csv")
    print(f"wrote {out / 'resnet18.onnx'}")
    if o.check:
        items, decoded = pictures.load(pictures.read_list(o.check, labels, o.root), 512, say=print)
        answers = evaluation.logits(net, decoded, o.resize, o.crop)
        wanted = [item.label for item in items]
        print(f"{o.check} at resize {o.resize}, crop {o.crop}: top-1 {100 * evaluation.top(answers, wanted, 1):.2f} %, top-3 {100 * evaluation.top(answers, wanted, 3):.2f} %")


if __name__ == "__main__":
    main()
