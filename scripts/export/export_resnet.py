#!/usr/bin/env python3
"""Writes a torchvision ResNet as ONNX, for `edgeshelf model quantize`.

With --weights, a state dict such as torchvision's IMAGENET1K_V1 file (resnet18-f37072fd.pth); without it, random weights,
which is what the tests want. Needs python3-torch and python3-torchvision of Debian, or newer.
"""

import argparse

import torch
import torchvision


class WithFeatures(torch.nn.Module):
    """Gives the pooled features beside the logits."""

    def __init__(self, network):
        super().__init__()
        self.head = network.fc
        network.fc = torch.nn.Identity()
        self.trunk = network

    def forward(self, picture):
        features = self.trunk(picture)
        return self.head(features), features


def make_random(network, seed):
    """Random weights as trained ones are: BatchNorm has statistics, and a residual branch is weaker than its block's input."""
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2, generator=generator)
            module.running_var.uniform_(0.5, 1.5, generator=generator)
            module.weight.data.uniform_(0.5, 1.2, generator=generator)
            module.bias.data.normal_(0, 0.2, generator=generator)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arch", default="resnet18", help="torchvision's name of the network: resnet18, resnet34, resnet50, ...")
    parser.add_argument("--weights", help="a state dict of that network; default: random weights")
    parser.add_argument("--classes", type=int, default=1000)
    parser.add_argument("--size", type=int, default=224, help="height and width of the input")
    parser.add_argument("--opset", type=int, default=13)
    parser.add_argument("--fixed-batch", action="store_true", help="one picture at a time, instead of any number")
    parser.add_argument("--features", action="store_true", help="give the pooled features too")
    parser.add_argument("--softmax", action="store_true", help="end in a softmax")
    parser.add_argument("--keep-batch-norm", action="store_true", help="do not fold BatchNorm into the convolutions")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("output", help="the ONNX file to write")
    arguments = parser.parse_args()

    torch.manual_seed(arguments.seed)
    network = getattr(torchvision.models, arguments.arch)(num_classes=arguments.classes)
    if arguments.weights:
        network.load_state_dict(torch.load(arguments.weights, map_location="cpu"))
    else:
        make_random(network, arguments.seed)
    network.eval()
    outputs = ["logits"]
    if arguments.features:
        network = WithFeatures(network).eval()
        outputs.append("features")
    if arguments.softmax:
        network = torch.nn.Sequential(network, torch.nn.Softmax(dim=1)).eval()

    torch.onnx.export(
        network, torch.zeros(1, 3, arguments.size, arguments.size), arguments.output,
        input_names=["input"], output_names=outputs, opset_version=arguments.opset,
        dynamic_axes=None if arguments.fixed_batch else {name: {0: "batch"} for name in ["input", *outputs]},
        training=torch.onnx.TrainingMode.PRESERVE if arguments.keep_batch_norm else torch.onnx.TrainingMode.EVAL,
        do_constant_folding=not arguments.keep_batch_norm)


if __name__ == "__main__":
    main()
