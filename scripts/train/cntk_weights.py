"""Converts the ResNet-18 of the NuGet package Microsoft.ML.DnnImageFeaturizer.ResNet18 to torchvision's.

The package (MIT licence) contains an ImageNet-trained ResNet-18 from CNTK as ONNX. It differs from
torchvision.models.resnet18 in three ways, which this module undoes:

* its input is BGR from 0 to 255 less a mean picture: the first convolution is flipped to RGB and
  multiplied by 255 * std, so that it takes torchvision's normalized input;
* layer4 has one additional identity block: the block is removed (fine-tuning compensates for it);
* it has no last layer: the new one starts with small random weights.
"""
import pathlib
import subprocess
import tempfile
import zipfile

import numpy
import onnx
import onnx.numpy_helper
import torch
import torchvision

PACKAGE = "Microsoft.ML.DnnImageFeaturizer.ResNet18"
VERSION = "0.23.1"
ONNX_NAME = "ResNet18.onnx"
STD = (0.229, 0.224, 0.225)

# The package's convolutions by the number in their name, in the order of torchvision's modules;
# 367 and 373, the additional block of layer4, are left out.
CONVOLUTIONS = {
    249: ("conv1", "bn1"),
    257: ("layer1.0.conv1", "layer1.0.bn1"), 263: ("layer1.0.conv2", "layer1.0.bn2"),
    271: ("layer1.1.conv1", "layer1.1.bn1"), 277: ("layer1.1.conv2", "layer1.1.bn2"),
    285: ("layer2.0.conv1", "layer2.0.bn1"), 291: ("layer2.0.conv2", "layer2.0.bn2"),
    295: ("layer2.0.downsample.0", "layer2.0.downsample.1"),
    303: ("layer2.1.conv1", "layer2.1.bn1"), 309: ("layer2.1.conv2", "layer2.1.bn2"),
    317: ("layer3.0.conv1", "layer3.0.bn1"), 323: ("layer3.0.conv2", "layer3.0.bn2"),
    327: ("layer3.0.downsample.0", "layer3.0.downsample.1"),
    335: ("layer3.1.conv1", "layer3.1.bn1"), 341: ("layer3.1.conv2", "layer3.1.bn2"),
    349: ("layer4.0.conv1", "layer4.0.bn1"), 355: ("layer4.0.conv2", "layer4.0.bn2"),
    359: ("layer4.0.downsample.0", "layer4.0.downsample.1"),
    381: ("layer4.1.conv1", "layer4.1.bn1"), 387: ("layer4.1.conv2", "layer4.1.bn2"),
}

PROJECT = f"""<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="{PACKAGE}" Version="[{VERSION}]" /></ItemGroup>
</Project>
"""


def fetch_package(folder):
    """Restores the package with the .NET SDK into `folder` and returns the path of its ONNX file."""
    folder = pathlib.Path(folder)
    found = sorted(folder.rglob(ONNX_NAME))
    if found:
        return found[0]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        project = pathlib.Path(scratch, "fetch.csproj")
        project.write_text(PROJECT)
        command = ["dotnet", "restore", str(project), "--packages", str(folder.resolve())]
        try:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        except FileNotFoundError:
            raise SystemExit(f"`dotnet` was not found; it is needed to fetch {PACKAGE} {VERSION}. "
                             "Install the .NET SDK, or give --weights with the package's .nupkg or .onnx.")
    found = sorted(folder.rglob(ONNX_NAME))
    if not found:
        raise SystemExit(f"{PACKAGE} {VERSION} could not be restored:\n{done.stdout.strip()}\n"
                         "Give --weights with the package's .nupkg or .onnx.")
    return found[0]


def read_onnx(path):
    """Loads the package's model from its .onnx or .nupkg."""
    path = pathlib.Path(path)
    if not path.exists():
        raise SystemExit(f"{path} does not exist. Leave --weights out to fetch {PACKAGE} with `dotnet`.")
    try:
        if path.suffix == ".nupkg":
            with zipfile.ZipFile(path) as package:
                name = next(n for n in package.namelist() if n.endswith("/" + ONNX_NAME))
                return onnx.load_model_from_string(package.read(name))
        return onnx.load(str(path))
    except (StopIteration, zipfile.BadZipFile):
        raise SystemExit(f"{path} is not the package {PACKAGE}: there is no {ONNX_NAME} in it.")
    except Exception as error:  # Catch everything, to avoid an import only for protobuf's DecodeError.
        raise SystemExit(f"{path} is not an ONNX model: {error}")


def state_dict_from_onnx(model, classes, head_std=0.01):
    """Returns a state dict for torchvision.models.resnet18(num_classes=classes)."""
    arrays = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
    nodes = {n.name: n for n in model.graph.node}
    state = torchvision.models.resnet18(num_classes=classes).state_dict()
    for number, (convolution, norm) in CONVOLUTIONS.items():
        node = nodes.get(f"Convolution{number}")
        if node is None:
            raise SystemExit(f"The ONNX file has no node Convolution{number}: it is not the one of {PACKAGE} {VERSION}.")
        _put(state, convolution + ".weight", arrays[node.input[1]])
        node = nodes[f"BatchNormalization{number + 2}"]
        for name, source in zip(("weight", "bias", "running_mean", "running_var"), node.input[1:]):
            _put(state, f"{norm}.{name}", arrays[source])
    scale = 255 * torch.tensor(STD).view(1, 3, 1, 1)
    state["conv1.weight"] = state["conv1.weight"].flip(1) * scale
    torch.nn.init.normal_(state["fc.weight"], std=head_std)
    state["fc.bias"].zero_()
    return state


def _put(state, name, array):
    value = torch.from_numpy(numpy.array(array, dtype=numpy.float32))
    if value.shape != state[name].shape:
        raise SystemExit(f"{name} is {list(value.shape)} in the ONNX file and {list(state[name].shape)} in torchvision.")
    state[name] = value


def initial_state(weights, classes, package_folder):
    """Returns the starting weights from the package, or from a .pt file of an earlier run."""
    if weights and str(weights).endswith((".pt", ".pth")):
        state = torch.load(weights, map_location="cpu")
        state = {name: value.float() if value.is_floating_point() else value
                 for name, value in state.get("state_dict", state).items()}
        if state["fc.weight"].shape[0] != classes:
            raise SystemExit(f"{weights} has {state['fc.weight'].shape[0]} classes and the pictures have {classes}.")
        return state
    return state_dict_from_onnx(read_onnx(weights or fetch_package(package_folder)), classes)
