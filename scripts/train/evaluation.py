"""Measures the accuracy of a network on pictures that are preprocessed as on the device."""
import numpy
import torch
from PIL import Image

import augment


def prepare(picture, resize, crop):
    """Applies torchvision's Resize (shorter side, PIL bilinear) and CenterCrop, and returns a uint8 array."""
    scale = resize / min(picture.size)
    if picture.width <= picture.height:
        size = resize, int(resize * picture.height / picture.width)
    else:
        size = int(resize * picture.width / picture.height), resize
    if scale != 1:
        picture = picture.resize(size, Image.BILINEAR)
    x, y = round((picture.width - crop) / 2), round((picture.height - crop) / 2)
    return numpy.asarray(picture.crop((x, y, x + crop, y + crop)))


@torch.no_grad()
def logits(network, pictures, resize=256, crop=224, batch=32):
    """Returns the network's logits for all pictures."""
    network.eval()
    out = []
    for start in range(0, len(pictures), batch):
        arrays = [prepare(p, resize, crop) for p in pictures[start:start + batch]]
        out.append(network(augment.normalize(augment.to_batch(arrays))))
    return torch.cat(out)


def top(logits_, labels, k):
    """Returns the share of pictures whose label is among the k best answers."""
    best = logits_.topk(min(k, logits_.shape[1]), dim=1).indices
    return (best == torch.tensor(labels).unsqueeze(1)).any(dim=1).float().mean().item()


def difference(one, other, pictures, resize=256, crop=224):
    """Returns the largest difference between two networks' logits."""
    return (logits(one, pictures, resize, crop) - logits(other, pictures, resize, crop)).abs().max().item()
