#!/usr/bin/python3
"""Fine-tunes a ResNet-18 on labelled pictures and exports it as ONNX.

Training starts from the ImageNet weights in the NuGet package Microsoft.ML.DnnImageFeaturizer.ResNet18, which is
fetched with `dotnet` unless --weights names it. Running the same command again continues where it stopped.

  train.py --data train.csv --out run1                      a `path,label` list of your own
  train.py --data train.csv val.csv --classes classes.csv --check devtest.csv --out run1
"""
import argparse
import csv
import json
import math
import pathlib
import random
import sys
import time

import numpy
import torch
import torch.nn.functional as F

import augment
import cntk_weights
import evaluation
import network
import onnx_network
import pictures


def parse(arguments=None):
    """Parses the command line."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a = p.add_argument_group("input and output")
    a.add_argument("--data", nargs="+", required=True, metavar="LIST.csv", help="lists of `path,label` or `path,class_id` to train on")
    a.add_argument("--root", help="folder the paths are relative to (default: the list's own)")
    a.add_argument("--classes", metavar="CSV", help="the classes and their order: id,name[,coarse_id,coarse_name] or index,label; needed with class_id")
    a.add_argument("--held-out", metavar="LIST.csv", help="list to measure on after each epoch; it is not used for training")
    a.add_argument("--check", metavar="LIST.csv", help="list to measure on once, at the end; it does not affect any choice")
    a.add_argument("--out", required=True, help="folder for checkpoints, log and the finished network")
    a.add_argument("--strict", action="store_true", help="refuse pictures that cannot be decoded instead of skipping them")
    a = p.add_argument_group("starting weights and teachers")
    a.add_argument("--weights", help="the package's .nupkg or .onnx, or a .pt of an earlier run (default: fetch the package)")
    a.add_argument("--packages", default=pathlib.Path.home() / ".cache/edgeshelf-train", help="folder the package is fetched into (%(default)s)")
    a.add_argument("--teacher", nargs="*", default=[], metavar="MODEL.pt", help="finished networks whose averaged answers are also learned")
    a.add_argument("--teacher-weight", type=float, default=0.7, help="share of the teachers in the loss (%(default)s)")
    a = p.add_argument_group("recipe")
    a.add_argument("--epochs", type=int, default=30, help="(%(default)s)")
    a.add_argument("--plain-epochs", type=int, default=3, help="number of last epochs without mixing and erasing (%(default)s)")
    a.add_argument("--batch", type=int, default=32, help="(%(default)s)")
    a.add_argument("--size", type=int, nargs=2, default=(144, 192), metavar=("FIRST", "LAST"),
                   help="side of the training crops, which grows over the first 60 %% of the epochs (%(default)s); test at about 1.2 times the last size")
    a.add_argument("--lr", type=float, default=0.02, help="peak learning rate of the body (%(default)s)")
    a.add_argument("--head-lr", type=float, default=0.1, help="peak learning rate of the heads (%(default)s)")
    a.add_argument("--weight-decay", type=float, default=5e-4, help="(%(default)s)")
    a.add_argument("--smoothing", type=float, default=0.1, help="label smoothing (%(default)s)")
    a.add_argument("--mix", type=float, default=0.6, help="share of batches with mixup or cutmix (%(default)s)")
    a.add_argument("--erase", type=float, default=0.25, help="share of pictures in unmixed batches of which a part is covered (%(default)s)")
    a.add_argument("--rotate", type=float, default=0.3, help="share of pictures rotated by up to 25 degrees (%(default)s)")
    a.add_argument("--light", type=float, default=1.0, help="how much brightness, contrast, saturation and the lamps' colour change (%(default)s)")
    a.add_argument("--smallest", type=float, default=0.35, help="smallest share of the picture's area in a crop (%(default)s)")
    a.add_argument("--coarse", type=float, default=0.3, help="weight of the loss of the coarse groups, if the classes have any (%(default)s)")
    a.add_argument("--ema", type=float, default=0.997, help="decay of the running average of the weights per step (%(default)s)")
    a.add_argument("--freeze", action="store_true", help="do not train the first convolution and layer1, which is about a sixth faster")
    a.add_argument("--seed", type=int, default=0, help="(%(default)s)")
    a = p.add_argument_group("machine")
    a.add_argument("--threads", type=int, default=1, help="(%(default)s)")
    a.add_argument("--bfloat16", action="store_true",
                   help="use bfloat16 for convolutions and float32 for weights; this halves the time on a processor with AVX512_BF16, do not use it on others")
    a.add_argument("--cache-side", type=int, default=384, help="pictures are kept in memory with a shorter side of at most this (%(default)s)")
    a.add_argument("--resize", type=int, default=256, help="shorter side at a test (%(default)s)")
    a.add_argument("--crop", type=int, default=224, help="side of the centre crop at a test (%(default)s)")
    return p.parse_args(arguments)


def say(message):
    """Prints a line of progress."""
    print(f"{time.strftime('%H:%M:%S')} {message}", flush=True)


def size_at(epoch, o):
    """Returns the side of the training crops in this epoch, a multiple of 16."""
    first, last = o.size
    share = min(1.0, epoch / max(1, round(0.6 * o.epochs)))
    return round((first + (last - first) * share) / 16) * 16


def rate_at(step, steps, warmup=100):
    """Returns the learning rate as a share of its peak: a linear warm-up, then a cosine to zero."""
    warmup = min(warmup, steps // 5)
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / (steps - warmup)))


def soft(labels, classes, smoothing):
    """Returns one-hot targets with label smoothing."""
    return F.one_hot(labels, classes).float() * (1 - smoothing) + smoothing / classes


def cross_entropy(logits, targets):
    """Returns the cross-entropy with probabilities as targets."""
    return -(targets * F.log_softmax(logits, dim=1)).sum(dim=1).mean()


class Run:
    """One training run: the state that a checkpoint holds, and the loop that changes it."""

    def __init__(self, o, labels, items, decoded):
        self.o, self.labels, self.items, self.pictures = o, labels, items, decoded
        torch.manual_seed(o.seed)
        classes = len(labels.names)
        state = cntk_weights.initial_state(o.weights, classes, o.packages)
        groups = len(labels.group_names) if o.coarse > 0 else 0
        self.model = network.Trainee(network.resnet18(classes, state), groups, o.freeze)
        self.layout = torch.channels_last if o.bfloat16 else torch.contiguous_format
        self.model.to(memory_format=self.layout)
        self.ema = network.Ema(self.model, o.ema)
        self.optimizer = torch.optim.SGD(self.model.parameter_groups(o.lr, o.head_lr, o.weight_decay),
                                         lr=o.lr, momentum=0.9, nesterov=True)
        self.teachers = [network.resnet18(classes, cntk_weights.initial_state(t, classes, None)).eval() for t in o.teacher]
        self.epoch = 0
        self.steps = max(1, len(items) // o.batch)

    def save(self, path):
        """Writes the state that the next epoch depends on. Its random numbers depend only on the seed and the epoch's number."""
        network.save({"epoch": self.epoch, "model": self.model.state_dict(), "ema": self.ema.model.state_dict(),
                      "ema_steps": self.ema.steps, "optimizer": self.optimizer.state_dict(), "recipe": recipe(self.o)}, path)

    def resume(self, path):
        """Continues from a checkpoint of the same recipe."""
        kept = torch.load(path)
        changed = [f"{k} was {kept['recipe'].get(k)}, is {v}" for k, v in recipe(self.o).items() if kept["recipe"].get(k) != v]
        if changed:
            raise pictures.Problem(f"{path} belongs to another recipe ({'; '.join(changed)}). Choose another --out.")
        self.model.load_state_dict(kept["model"])
        self.ema.model.load_state_dict(kept["ema"])
        self.ema.steps, self.epoch = kept["ema_steps"], kept["epoch"]
        self.optimizer.load_state_dict(kept["optimizer"])

    def train_epoch(self):
        """One pass over the pictures; returns the mean loss and the accuracy on unmixed batches."""
        o, number = self.o, self.epoch
        seed = o.seed * 100003 + number
        torch.manual_seed(seed)
        chance, generator = random.Random(seed), numpy.random.default_rng(seed)
        order = list(range(len(self.items)))
        chance.shuffle(order)
        plain = number >= o.epochs - o.plain_epochs
        side, losses, right, seen = size_at(number, o), 0.0, 0, 0
        self.model.train()
        started = time.monotonic()
        for step in range(self.steps):
            chosen = order[step * o.batch:(step + 1) * o.batch]
            batch = augment.to_batch([augment.random_crop(self.pictures[i], side, chance, o.smallest, o.rotate) for i in chosen])
            batch = augment.normalize(augment.light(batch, o.light))
            labels = torch.tensor([self.items[i].label for i in chosen])
            targets = [soft(labels, len(self.labels.names), o.smoothing)]
            if self.model.coarse is not None:
                coarse = torch.tensor([self.labels.group_of[label] for label in labels.tolist()])
                targets.append(soft(coarse, len(self.labels.group_names), o.smoothing))
            mixed = not plain and chance.random() < o.mix
            if mixed:
                batch, targets = augment.mix(batch, targets, chance, generator)
            elif not plain:
                batch = augment.erase(batch, chance, o.erase)
            loss, logits = self.loss(batch, targets)
            share = rate_at(number * self.steps + step, o.epochs * self.steps)
            for group in self.optimizer.param_groups:
                group["lr"] = group["peak_lr"] * share
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            self.ema.update(self.model)
            losses += loss.item()
            if not math.isfinite(losses):
                raise pictures.Problem(f"The loss is not a number in epoch {number + 1}: lower --lr or check --weights.")
            if not mixed:
                right += (logits.argmax(dim=1) == labels).sum().item()
                seen += len(labels)
            if (step + 1) % 20 == 0:
                spent = time.monotonic() - started
                say(f"  epoch {number + 1}/{o.epochs} step {step + 1}/{self.steps} at {side} px, loss {losses / (step + 1):.3f}, "
                    f"{1000 * spent / (step + 1) / o.batch:.0f} ms a picture")
        self.epoch += 1
        return side, losses / self.steps, right / seen if seen else float("nan")

    def loss(self, batch, targets):
        """Returns the weighted loss of labels, coarse groups and teachers, and the logits."""
        with torch.autocast("cpu", torch.bfloat16, enabled=self.o.bfloat16):
            logits, coarse = self.model(batch.contiguous(memory_format=self.layout))
        logits = logits.float()
        loss = cross_entropy(logits, targets[0])
        if self.teachers:
            with torch.no_grad():
                answers = torch.stack([F.softmax(t(batch), dim=1) for t in self.teachers]).mean(dim=0)
            w = self.o.teacher_weight
            loss = (1 - w) * loss + w * cross_entropy(logits, answers)
        if coarse is not None:
            loss = loss + self.o.coarse * cross_entropy(coarse.float(), targets[1])
        return loss, logits


def recipe(o):
    """Returns the options that must be equal for a checkpoint to be continued."""
    names = ("data", "weights", "teacher", "teacher_weight", "epochs", "plain_epochs", "batch", "size", "lr", "head_lr",
             "weight_decay", "smoothing", "mix", "erase", "rotate", "light", "smallest", "coarse", "ema", "freeze", "seed", "bfloat16")
    return {n: list(v) if isinstance(v := getattr(o, n), tuple) else v for n in names}


def measure(net, items, decoded, resize, crop):
    """Returns top-1 and top-3 in percent."""
    out = evaluation.logits(net, decoded, resize, crop)
    labels = [item.label for item in items]
    return 100 * evaluation.top(out, labels, 1), 100 * evaluation.top(out, labels, 3)


def main(arguments=None):
    """Trains the network and exports it."""
    o = parse(arguments)
    torch.set_num_threads(o.threads)
    out = pathlib.Path(o.out)
    out.mkdir(parents=True, exist_ok=True)
    labels = pictures.Labels.from_csv(o.classes) if o.classes else pictures.Labels.from_lists(o.data)
    items = [item for path in o.data for item in pictures.read_list(path, labels, o.root)]
    say(f"{len(items)} pictures, {len(labels.names)} classes")
    items, decoded = pictures.load(items, o.cache_side, say, o.strict)
    pictures.check_classes(items, labels)
    held = pictures.load(pictures.read_list(o.held_out, labels, o.root), o.cache_side, say, o.strict) if o.held_out else None
    run = Run(o, labels, items, decoded)
    checkpoint, log = out / "checkpoint.pt", out / "log.csv"
    if checkpoint.exists():
        run.resume(checkpoint)
        say(f"continuing after epoch {run.epoch}")
    else:
        (out / "recipe.json").write_text(json.dumps(recipe(o), indent=2, default=str) + "\n")
        log.write_text("epoch,size,loss,train_top1,held_out_top1,held_out_top3,seconds\n")
    while run.epoch < o.epochs:
        started = time.monotonic()
        side, loss, accuracy = run.train_epoch()
        net = run.ema.model.body.network
        top1, top3 = measure(net, *held, o.resize, o.crop) if held else (float("nan"), float("nan"))
        seconds = time.monotonic() - started
        run.save(checkpoint)
        with open(log, "a", newline="") as file:
            csv.writer(file).writerow([run.epoch, side, f"{loss:.4f}", f"{100 * accuracy:.1f}", f"{top1:.2f}", f"{top3:.2f}", f"{seconds:.0f}"])
        say(f"epoch {run.epoch}/{o.epochs}: loss {loss:.3f}, train {100 * accuracy:.1f} %"
            + (f", held out {top1:.1f} % / {top3:.1f} %" if held else "")
            + f", {seconds:.0f} s, {seconds * (o.epochs - run.epoch) / 60:.0f} min to go")
    net = run.ema.model.body.network
    network.save(net.state_dict(), out / "model.pt")
    network.export(net, out / "resnet18.onnx", size=o.crop)
    off = evaluation.difference(net, onnx_network.OnnxNetwork(out / "resnet18.onnx"), decoded[:8], o.resize, o.crop)
    if off > 1e-2:
        raise pictures.Problem(f"The exported network differs from the trained one by {off:.3g} in a logit. Do not use it.")
    labels.write(out / "labels.csv")
    say(f"wrote {out / 'resnet18.onnx'}")
    if o.check:
        checked = pictures.load(pictures.read_list(o.check, labels, o.root), o.cache_side, say)
        top1, top3 = measure(net, *checked, o.resize, o.crop)
        say(f"{o.check} at resize {o.resize}, crop {o.crop}: top-1 {top1:.2f} %, top-3 {top3:.2f} %")


if __name__ == "__main__":
    sys.exit(main())
