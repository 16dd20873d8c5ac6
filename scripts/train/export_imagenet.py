#!/usr/bin/python3
"""Exports torchvision's ImageNet weights (a state dict such as resnet18-f37072fd.pth, IMAGENET1K_V1) as ONNX.

  export_imagenet.py resnet18-f37072fd.pth --out resnet18-imagenet.onnx

The file is torchvision's own download for ResNet18_Weights.IMAGENET1K_V1; the licence and terms are theirs.
"""
import argparse

import torch
import torchvision

import network


def main():
    """Exports one file."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("state", metavar="STATE.pth", help="torchvision's state dict")
    p.add_argument("--arch", choices=("resnet18", "resnet34", "resnet50"), default="resnet18", help="(%(default)s)")
    p.add_argument("--opset", type=int, default=13, help="(%(default)s)")
    p.add_argument("--no-fold", action="store_true", help="keep BatchNormalization as nodes of its own")
    p.add_argument("--out", required=True, metavar="FILE.onnx")
    o = p.parse_args()
    try:
        state = torch.load(o.state, map_location="cpu")
    except Exception as error:  # torch raises many kinds for a file that is not its own
        raise SystemExit(f"{o.state} cannot be read as a PyTorch state dict: {error}")
    if not isinstance(state, dict) or "fc.weight" not in state:
        raise SystemExit(f"{o.state} is not the state dict of a torchvision ResNet: it has no fc.weight.")
    net = getattr(torchvision.models, o.arch)(num_classes=state["fc.weight"].shape[0])
    try:
        net.load_state_dict(state)
    except RuntimeError as error:
        raise SystemExit(f"{o.state} does not fit {o.arch}; choose another --arch.\n{error}")
    broken = [name for name, value in state.items() if value.is_floating_point() and not torch.isfinite(value).all()]
    if broken:
        raise SystemExit(f"{o.state} has weights that are not numbers: {', '.join(broken[:5])}.")
    network.export(net, o.out, o.opset, fold=not o.no_fold)
    print(f"wrote {o.out}: {state['fc.weight'].shape[0]} classes")


if __name__ == "__main__":
    main()
