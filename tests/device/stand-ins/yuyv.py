#!/usr/bin/python3
"""yuyv.py PICTURE FRAME.yuyv FRAME.png: a picture as a 1280 x 720 camera would see it, raw for vivid's output and as PNG to compare with.

Full frame, cut to fit. YCbCr of ITU-R BT.709 with the limited range, as high-definition sources send it.
"""
import sys

import numpy
from PIL import Image, ImageOps

picture = ImageOps.fit(Image.open(sys.argv[1]).convert("RGB"), (1280, 720), Image.BICUBIC)
picture.save(sys.argv[3])
rgb = numpy.asarray(picture).astype(float) / 255
y = rgb @ [0.2126, 0.7152, 0.0722]
cb, cr = (rgb[..., 2] - y) / 1.8556, (rgb[..., 0] - y) / 1.5748
frame = numpy.empty((720, 1280, 2))
frame[..., 0] = 16 + 219 * y
frame[:, 0::2, 1] = 128 + 224 * (cb[:, 0::2] + cb[:, 1::2]) / 2
frame[:, 1::2, 1] = 128 + 224 * (cr[:, 0::2] + cr[:, 1::2]) / 2
frame.round().clip(0, 255).astype("uint8").tofile(sys.argv[2])
