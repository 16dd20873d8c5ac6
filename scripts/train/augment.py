"""Augmentation of training pictures and of batches."""
import math

import numpy
import torch
from PIL import Image

MEAN = torch.tensor((0.485, 0.456, 0.406)).view(1, 3, 1, 1)
STD = torch.tensor((0.229, 0.224, 0.225)).view(1, 3, 1, 1)


def random_crop(picture, size, random, smallest=0.35, rotate=0.3):
    """Returns a random part of the picture, sometimes rotated a little or mirrored, as a `size` x `size` uint8 array."""
    if random.random() < rotate:
        picture = picture.rotate(random.uniform(-25, 25), Image.BILINEAR, fillcolor=(124, 116, 104))
    box = _random_box(picture.width, picture.height, random, smallest)
    crop = numpy.asarray(picture.resize((size, size), Image.BILINEAR, box=box))
    return crop[:, ::-1] if random.random() < 0.5 else crop


def _random_box(width, height, random, smallest):
    """torchvision's RandomResizedCrop: `smallest` to all of the area, aspect ratio 3:4 to 4:3."""
    for _ in range(10):
        area = width * height * random.uniform(smallest, 1)
        ratio = math.exp(random.uniform(math.log(3 / 4), math.log(4 / 3)))
        w, h = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if w <= width and h <= height:
            x, y = random.randint(0, width - w), random.randint(0, height - h)
            return x, y, x + w, y + h
    side = min(width, height)
    x, y = (width - side) // 2, (height - side) // 2
    return x, y, x + side, y + side


def to_batch(arrays):
    """Converts uint8 arrays to a float tensor from 0 to 1, with channels last in memory."""
    batch = torch.from_numpy(numpy.stack(arrays)).permute(0, 3, 1, 2)
    return batch.to(torch.float32).div_(255)


def light(batch, strength=1.0):
    """Simulates the light and camera of another shop by changing brightness, contrast, saturation and the lamps' colour of each picture."""
    n = batch.shape[0]

    def factor(spread):
        return torch.empty(n, 1, 1, 1).uniform_(-spread * strength, spread * strength).exp_()

    batch = batch * factor(0.35)
    mean = batch.mean(dim=(1, 2, 3), keepdim=True)
    batch = (batch - mean) * factor(0.35) + mean
    grey = batch.mean(dim=1, keepdim=True)
    batch = (batch - grey) * factor(0.35) + grey
    gains = torch.empty(n, 3, 1, 1).uniform_(-0.1 * strength, 0.1 * strength).exp_()
    return (batch * gains).clamp_(0, 1)


def normalize(batch):
    """Applies torchvision's normalization."""
    return ((batch - MEAN) / STD).contiguous()


def erase(batch, random, probability=0.25):
    """Covers a rectangle of some pictures with noise (random erasing)."""
    for picture in batch:
        if random.random() < probability:
            _, h, w = picture.shape
            area, ratio = random.uniform(0.03, 0.25) * h * w, math.exp(random.uniform(-1, 1))
            eh, ew = min(h - 1, round(math.sqrt(area * ratio))), min(w - 1, round(math.sqrt(area / ratio)))
            y, x = random.randint(0, h - eh), random.randint(0, w - ew)
            picture[:, y:y + eh, x:x + ew] = torch.randn(3, eh, ew)
    return batch


def mix(batch, targets, random, generator):
    """Applies mixup (alpha 0.2) or cutmix (alpha 1), each with a probability of one half. `targets` is a list of probability tensors."""
    order = torch.randperm(batch.shape[0])
    if random.random() < 0.5:
        keep = generator.beta(0.2, 0.2)
        keep = max(keep, 1 - keep)
        batch = batch * keep + batch[order] * (1 - keep)
    else:
        keep = generator.beta(1, 1)
        h, w = batch.shape[2:]
        ch, cw = round(h * math.sqrt(1 - keep)), round(w * math.sqrt(1 - keep))
        cy, cx = random.randint(0, h), random.randint(0, w)
        y0, y1, x0, x1 = max(0, cy - ch // 2), min(h, cy + ch // 2), max(0, cx - cw // 2), min(w, cx + cw // 2)
        batch = batch.clone()
        batch[:, :, y0:y1, x0:x1] = batch[order][:, :, y0:y1, x0:x1]
        keep = 1 - (y1 - y0) * (x1 - x0) / (h * w)
    return batch, [t * keep + t[order] * (1 - keep) for t in targets]
