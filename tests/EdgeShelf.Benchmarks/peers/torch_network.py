#!/usr/bin/python3
"""EdgeShelf's network in PyTorch: as floats, frozen for inference, or quantized with PyTorch's own post-training quantization.

  torch_network.py MODEL_FOLDER network.pt network-int8.pt PICTURE...      quantizes; the pictures are for calibration
"""
import json
import os
import sys

import torch
import torchvision
from PIL import Image
from torchvision import transforms
from torchvision.models import quantization

ENGINES = ["onednn", "fbgemm", "qnnpack"]  # the fastest first; which of them exist depends on the processor and on Debian's build


def preprocessing(model_folder):
    """Returns torchvision's preprocessing as the model's manifest asks for it."""
    with open(os.path.join(model_folder, "manifest.json"), encoding="utf-8") as file:
        options = json.load(file)["input"]
    return transforms.Compose([
        transforms.Resize(options["resize"]),
        transforms.CenterCrop(options["crop"]),
        transforms.ToTensor(),
        transforms.Normalize(options["mean"], options["std"]),
    ])


def choose_engine():
    """Makes PyTorch use the fastest integer kernels that it has, and returns their name."""
    torch.backends.quantized.engine = next(engine for engine in ENGINES if engine in torch.backends.quantized.supported_engines)
    return torch.backends.quantized.engine


def load(state_path):
    """Returns the network of a state dict, for inference."""
    state = torch.load(state_path, map_location="cpu")
    net = torchvision.models.resnet18(num_classes=state["fc.weight"].shape[0])
    net.load_state_dict(state)
    return net.eval()


def freeze(net, example):
    """Returns the network as TorchScript, with weights as constants and layers joined and laid out for the processor."""
    with torch.inference_mode():
        return torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(net, example)))


def quantize(state_path, pictures):
    """Returns the network in INT8 as TorchScript. The pictures are preprocessed tensors, one picture each."""
    state = torch.load(state_path, map_location="cpu")
    net = quantization.resnet18(quantize=False, num_classes=state["fc.weight"].shape[0])
    net.load_state_dict(state)
    net.eval()
    net.fuse_model(is_qat=False)
    net.qconfig = torch.ao.quantization.get_default_qconfig(choose_engine())
    torch.ao.quantization.prepare(net, inplace=True)
    with torch.inference_mode():
        for picture in pictures:
            net(picture)
        torch.ao.quantization.convert(net, inplace=True)
        return torch.jit.freeze(torch.jit.trace(net, pictures[0]))


def main():
    """Quantizes a state dict."""
    if len(sys.argv) < 5:
        raise SystemExit(__doc__)
    model_folder, state_path, output, *pictures = sys.argv[1:]
    prepare = preprocessing(model_folder)
    tensors = [prepare(Image.open(picture).convert("RGB"))[None] for picture in pictures]
    torch.jit.save(quantize(state_path, tensors), output)
    print(f"PyTorch's INT8 network uses {torch.backends.quantized.engine} and was calibrated with {len(pictures)} pictures.")


if __name__ == "__main__":
    main()
