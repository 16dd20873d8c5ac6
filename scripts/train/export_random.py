#!/usr/bin/python3
"""Writes a torchvision ResNet with random weights as ONNX, for tests of the quantizer.

  export_random.py --arch resnet34 --classes 10 --opset 17 --no-fold --out random.onnx
"""
import argparse

import torch
import torchvision

import network


def randomize(net, seed):
    """Random weights, and batch statistics as uneven as a trained network's."""
    torch.manual_seed(seed)
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.weight.data.uniform_(0.3, 1.0)
            module.bias.data.normal_(0, 0.2)
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 2.0)
    return net


def main():
    """Exports one network."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--arch", choices=("resnet18", "resnet34", "resnet50"), default="resnet18", help="(%(default)s)")
    p.add_argument("--classes", type=int, default=1000, help="(%(default)s)")
    p.add_argument("--opset", type=int, default=13, help="11 to 17: what PyTorch 1.13 can write (%(default)s)")
    p.add_argument("--size", type=int, default=224, help="side of the input (%(default)s)")
    p.add_argument("--no-fold", action="store_true", help="keep BatchNormalization as nodes of its own")
    p.add_argument("--fixed-batch", action="store_true", help="batch of exactly 1 instead of any")
    p.add_argument("--one-output", action="store_true", help="`logits` only, without `features`")
    p.add_argument("--seed", type=int, default=0, help="(%(default)s)")
    p.add_argument("--out", required=True, metavar="FILE.onnx")
    o = p.parse_args()
    if not 11 <= o.opset <= 17:
        p.error("--opset must be 11 to 17")
    torch.manual_seed(o.seed)
    net = randomize(getattr(torchvision.models, o.arch)(num_classes=o.classes), o.seed)
    network.export(net, o.out, o.opset, o.size, not o.fixed_batch, not o.one_output, not o.no_fold)
    print(f"wrote {o.out}")


if __name__ == "__main__":
    main()
