#!/usr/bin/python3
"""product_pictures.py PICTURE FOLDER: six photographs of one product, each from a little further to the side."""
import pathlib
import sys

from PIL import Image

picture, folder = Image.open(sys.argv[1]).convert("RGB"), pathlib.Path(sys.argv[2])
folder.mkdir(parents=True)
width, height = (9 * side // 10 for side in picture.size)
for number in range(6):
    x, y = number * (picture.width - width) // 5, number * (picture.height - height) // 5
    picture.crop((x, y, x + width, y + height)).save(folder / f"{number}.jpg", quality=90)
