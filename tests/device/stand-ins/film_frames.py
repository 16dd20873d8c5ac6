#!/usr/bin/python3
"""film_frames.py FILM FOLDER NAME...: frames of a film as a 1280 x 720 camera would see them.

It writes NAME.yuyv.gz for each frame FILM/NAME.jpg, for vivid's output. For the frames that show the left place empty it also writes
empty/NAME.png: this place and nothing else.
"""
import gzip
import pathlib
import sys

from PIL import Image

from camera_frames import save

film, folder = map(pathlib.Path, sys.argv[1:3])
(folder / "empty").mkdir(parents=True, exist_ok=True)
for name in sys.argv[3:]:
    save(film / f"{name}.jpg", folder, name)
    with gzip.open(folder / f"{name}.yuyv.gz", "wb", compresslevel=1) as packed:
        packed.write((folder / f"{name}.yuyv").read_bytes())
    if name in ("0220", "0230", "0240"):
        Image.open(folder / f"{name}.png").crop((77, 202, 282, 648)).save(folder / "empty" / f"{name}.png")
    for kind in ("yuyv", "nv12", "png"):
        (folder / f"{name}.{kind}").unlink()
