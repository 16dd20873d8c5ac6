"""The network during training, its running average, and its export to ONNX."""
import copy
import os
import warnings

import torch
import torchvision
from torch import nn


def resnet18(classes, state=None):
    """torchvision's ResNet-18 without ImageNet weights."""
    network = torchvision.models.resnet18(num_classes=classes)
    if state is not None:
        network.load_state_dict(state)
    return network


class Outputs(nn.Module):
    """A torchvision ResNet that returns `logits` and `features` (after pooling)."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        n = self.network
        x = n.maxpool(n.relu(n.bn1(n.conv1(x))))
        x = n.layer4(n.layer3(n.layer2(n.layer1(x))))
        features = torch.flatten(n.avgpool(x), 1)
        return n.fc(features), features


class Trainee(nn.Module):
    """The network with a second head for the coarse groups, which is used only during training."""

    def __init__(self, network, groups, freeze=False):
        super().__init__()
        self.body = Outputs(network)
        self.frozen = [network.conv1, network.bn1, network.layer1] if freeze else []
        for module in self.frozen:
            module.requires_grad_(False)
        self.coarse = nn.Linear(network.fc.in_features, groups) if groups else None

    def train(self, mode=True):
        """Switches the training mode, but keeps the batch statistics of frozen layers unchanged."""
        super().train(mode)
        for module in self.frozen:
            module.eval()
        return self

    def forward(self, x):
        logits, features = self.body(x)
        return logits, self.coarse(features) if self.coarse is not None else None

    def parameter_groups(self, lr, head_lr, weight_decay):
        """Returns parameter groups: heads have a higher learning rate, and biases and normalization have no weight decay."""
        heads = {id(p) for m in (self.body.network.fc, self.coarse) if m is not None for p in m.parameters()}
        groups = {}
        for parameter in filter(lambda p: p.requires_grad, self.parameters()):
            key = (head_lr if id(parameter) in heads else lr, weight_decay if parameter.ndim > 1 else 0.0)
            groups.setdefault(key, []).append(parameter)
        return [{"params": p, "lr": rate, "peak_lr": rate, "weight_decay": decay} for (rate, decay), p in groups.items()]


class Ema:
    """An exponential moving average of all weights and batch statistics."""

    def __init__(self, model, decay):
        self.model = copy.deepcopy(model).eval()
        self.decay = decay
        self.steps = 0

    @torch.no_grad()
    def update(self, model):
        """Updates the average, with a faster rate at first so that it forgets the random head."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for mine, theirs in zip(self.model.state_dict().values(), model.state_dict().values()):
            if mine.is_floating_point():
                mine.lerp_(theirs, 1 - decay)
            else:
                mine.copy_(theirs)


def export(network, path, opset=13, size=224, dynamic_batch=True, features=True, fold=True):
    """Writes the network as ONNX: `input` (N,3,H,W), `logits` and, if wanted, `features`."""
    network = copy.deepcopy(network).eval()
    module = Outputs(network) if features else network
    names = ["logits", "features"] if features else ["logits"]
    axes = {name: {0: "batch"} for name in ["input", *names]} if dynamic_batch else None
    mode = torch.onnx.TrainingMode.EVAL if fold else torch.onnx.TrainingMode.PRESERVE
    partial = f"{path}.partial"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(module, torch.zeros(1, 3, size, size), partial, opset_version=opset, training=mode,
                          do_constant_folding=fold, input_names=["input"], output_names=names, dynamic_axes=axes)
    os.replace(partial, path)


def save(value, path):
    """Calls torch.save so that a power cut cannot leave a truncated file."""
    torch.save(value, f"{path}.partial")
    os.replace(f"{path}.partial", path)
