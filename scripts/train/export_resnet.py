#!/usr/bin/python3
"""Writes a torchvision ResNet as ONNX, for `edgeshelf model quantize`.

  export_resnet.py --weights resnet18-f37072fd.pth imagenet.onnx      torchvision's IMAGENET1K_V1, 1000 classes
  export_resnet.py --arch resnet34 --classes 10 random.onnx           random weights, for tests

The weights are a state dict as torchvision downloads it; the licence and terms are theirs.
"""
import argparse

import torch
import torchvision

import network


def randomize(net, seed):
    """Returns random weights that resemble trained ones: BatchNorm has statistics, and a residual branch is weaker than its block's input."""
    generator = torch.Generator().manual_seed(seed)
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2, generator=generator)
            module.running_var.uniform_(0.5, 1.5, generator=generator)
            module.weight.data.uniform_(0.5, 1.2, generator=generator)
            module.bias.data.normal_(0, 0.2, generator=generator)
    return net


def load(arch, path):
    """Returns the network with the weights of a state dict. Ends the program with a message if the file is not valid."""
    try:
        state = torch.load(path, map_location="cpu")
    except Exception as error:  # torch raises many kinds of exceptions for other files
        raise SystemExit(f"{path} cannot be read as a PyTorch state dict: {error}")
    if not isinstance(state, dict) or "fc.weight" not in state:
        raise SystemExit(f"{path} is not the state dict of a torchvision ResNet: it has no fc.weight.")
    broken = [name for name, value in state.items() if value.is_floating_point() and not torch.isfinite(value).all()]
    if broken:
        raise SystemExit(f"{path} has weights that are not numbers: {', '.join(broken[:5])}.")
    net = getattr(torchvision.models, arch)(num_classes=state["fc.weight"].shape[0])
    try:
        net.load_state_dict(state)
    except RuntimeError as error:
        raise SystemExit(f"{path} does not fit {arch}; choose another --arch.\n{error}")
    return net


def main():
    """Exports one network."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--arch", default="resnet18", help="torchvision's name of the network: resnet18, resnet34, resnet50, ... (%(default)s)")
    p.add_argument("--weights", metavar="STATE.pth", help="a state dict of that network; default: random weights")
    p.add_argument("--classes", type=int, default=1000, help="number of classes, for random weights (%(default)s)")
    p.add_argument("--size", type=int, default=224, help="side of the input (%(default)s)")
    p.add_argument("--opset", type=int, default=13, help="ONNX opset, 11 to 17, which PyTorch 1.13 can write (%(default)s)")
    p.add_argument("--fixed-batch", action="store_true", help="export for batches of one picture, instead of any number")
    p.add_argument("--features", action="store_true", help="also export the pooled features")
    p.add_argument("--softmax", action="store_true", help="add a softmax at the end")
    p.add_argument("--keep-batch-norm", action="store_true", help="do not fold BatchNorm into the convolutions")
    p.add_argument("--plain", action="store_true", help="random weights as torchvision makes them: equal BatchNorm parameters, which PyTorch writes once and shares")
    p.add_argument("--seed", type=int, default=0, help="(%(default)s)")
    p.add_argument("output", metavar="FILE.onnx")
    o = p.parse_args()
    if not hasattr(torchvision.models, o.arch):
        p.error(f"torchvision does not have the network {o.arch}")
    torch.manual_seed(o.seed)
    if o.weights:
        net = load(o.arch, o.weights)
    else:
        net = getattr(torchvision.models, o.arch)(num_classes=o.classes)
        net = net if o.plain else randomize(net, o.seed)
    if o.softmax:
        net = torch.nn.Sequential(net, torch.nn.Softmax(dim=1))
    network.export(net, o.output, o.opset, o.size, not o.fixed_batch, o.features, not o.keep_batch_norm)


if __name__ == "__main__":
    main()
