#!/usr/bin/python3
"""camera_frames.py PICTURE FOLDER: a picture as a 1280 x 720 camera would see it.

It writes frame.yuyv and frame.nv12 for vivid's output, and frame.png for comparison. The picture is cropped to fit. The YCbCr follows
ITU-R BT.709 with limited range, as in high-definition sources.
"""
import pathlib
import sys

import numpy
from PIL import Image, ImageOps


def levels(values, black, span):
    """Converts to 8 bits."""
    return (black + span * values).round().clip(0, 255).astype("uint8")


def halved(values, rows):
    """Returns the means over two columns and the given number of rows."""
    return values.reshape(720 // rows, rows, 640, 2).mean(axis=(1, 3))


def save(source, folder, name):
    """Writes NAME.yuyv, NAME.nv12 and NAME.png into the folder."""
    picture = ImageOps.fit(Image.open(source).convert("RGB"), (1280, 720), Image.BICUBIC)
    picture.save(folder / f"{name}.png", compress_level=1)
    rgb = numpy.asarray(picture).astype(float) / 255
    luma = rgb @ [0.2126, 0.7152, 0.0722]
    blue, red = (rgb[..., 2] - luma) / 1.8556, (rgb[..., 0] - luma) / 1.5748
    yuyv = numpy.empty((720, 1280, 2), "uint8")
    yuyv[..., 0] = levels(luma, 16, 219)
    yuyv[:, 0::2, 1] = levels(halved(blue, 1), 128, 224)
    yuyv[:, 1::2, 1] = levels(halved(red, 1), 128, 224)
    yuyv.tofile(folder / f"{name}.yuyv")
    chroma = numpy.stack([levels(halved(blue, 2), 128, 224), levels(halved(red, 2), 128, 224)], axis=-1)
    (folder / f"{name}.nv12").write_bytes(yuyv[..., 0].tobytes() + chroma.tobytes())


if __name__ == "__main__":
    save(sys.argv[1], pathlib.Path(sys.argv[2]), "frame")
