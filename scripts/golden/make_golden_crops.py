#!/usr/bin/python3
"""Makes the golden crops that pin EdgeShelf's preprocessing to torchvision's.

    apt-get install -y python3-torchvision python3-pil
    /usr/bin/python3 scripts/golden/make_golden_crops.py tests/EdgeShelf.Tests/Pictures/Golden

For each picture NAME.png or NAME.jpg it writes NAME.crop.png: the result of Resize(256) and CenterCrop(224) on a PIL image, as in
torchvision's classification presets. This script draws all pictures, and anyone may use them.
"""
import io
import sys
from pathlib import Path

import numpy
from PIL import Image, ImageDraw, ImageOps
from torchvision import transforms

CROP = transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224)])


def scene(width: int, height: int) -> Image.Image:
    """Draws a smooth background, hard edges, thin lines and a patch of noise, which show errors of a resize."""
    y, x = numpy.mgrid[0:height, 0:width].astype(numpy.float64)
    rgb = numpy.stack([255 * x / max(width - 1, 1), 255 * y / max(height - 1, 1), 127 + 127 * numpy.sin((x + 2 * y) / 9)], -1)
    picture = Image.fromarray(rgb.astype(numpy.uint8))
    draw = ImageDraw.Draw(picture)
    short = min(width, height)
    draw.ellipse([width / 2 - short / 3, height / 2 - short / 3, width / 2 + short / 5, height / 2 + short / 5], fill=(200, 30, 40))
    draw.rectangle([width * 0.6, height * 0.1, width * 0.9, height * 0.45], fill=(250, 250, 250), outline=(0, 0, 0))
    for i in range(0, short, max(short // 40, 2)):
        draw.line([(i, height), (width, height - i)], fill=(10, 60, 20))
    noise = numpy.random.default_rng(7).integers(0, 256, (short // 4, short // 4, 3), dtype=numpy.uint8)
    picture.paste(Image.fromarray(noise), (int(width * 0.3), int(height * 0.6)))
    return picture


def checkerboard(side: int, cell: int) -> Image.Image:
    y, x = numpy.mgrid[0:side, 0:side]
    return Image.fromarray((((x // cell + y // cell) % 2) * 255).astype(numpy.uint8)).convert("1")


def save(folder: Path, name: str, picture: Image.Image, expected: Image.Image | None = None, **options) -> None:
    """Writes a picture and its crop. The crop is made from the file as PIL reads it, unless another expected picture is given."""
    picture.save(folder / name, **options)
    if expected is None:
        expected = Image.open(folder / name).convert("RGB")
    CROP(expected).save(folder / (Path(name).stem + ".crop.png"), optimize=True)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for width, height in [(225, 224), (333, 501), (256, 256), (348, 464), (97, 61), (1201, 799), (300, 2000)]:
        save(folder, f"scene-{width}x{height}.png", scene(width, height), optimize=True)
    save(folder, "checkerboard-4000.png", checkerboard(4000, 3), optimize=True)
    save(folder, "photo-420.jpg", scene(640, 481), quality=92, subsampling="4:2:0")
    save(folder, "photo-444.jpg", scene(501, 640), quality=90, subsampling="4:4:4")
    save(folder, "progressive.jpg", scene(480, 480), quality=85, progressive=True)
    save(folder, "grey-jpeg.jpg", scene(400, 300).convert("L"), quality=92)
    save(folder, "grey.png", scene(301, 400).convert("L"))
    save(folder, "palette.png", scene(320, 300).quantize(64))

    # A Raspberry Pi camera's full size. The device decodes it at a reduced scale, this script at full size.
    save(folder, "large-1640x1232.jpg", scene(1640, 1232), quality=80)

    # Sixteen bits hold the eight-bit picture's levels exactly.
    grey = numpy.asarray(scene(320, 280).convert("L"))
    save(folder, "grey-16-bit.png", Image.fromarray(grey.astype(numpy.uint16) * 257), Image.fromarray(grey).convert("RGB"))

    # Transparent pixels are drawn on white.
    rgba = scene(300, 300).convert("RGBA")
    alpha = Image.linear_gradient("L").resize((300, 300))
    rgba.putalpha(alpha)
    pixels = numpy.asarray(rgba).astype(numpy.int64)
    opaque = (pixels[..., :3] * pixels[..., 3:] + 255 * (255 - pixels[..., 3:]) + 127) // 255
    save(folder, "alpha.png", rgba, Image.fromarray(opaque.astype(numpy.uint8)))

    # CMYK as photo tools write it: Adobe's marker, inverted values.
    save(folder, "cmyk.jpg", scene(400, 320).convert("CMYK"), quality=92)

    # One upright scene, stored in the eight EXIF orientations. PIL's own transposition defines the expected crops.
    inverse = {1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
               5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270}
    for orientation, how in inverse.items():
        stored = scene(400, 304) if how is None else scene(400, 304).transpose(how)
        exif = Image.Exif()
        exif[0x0112] = orientation
        memory = io.BytesIO()
        stored.save(memory, "JPEG", quality=95, exif=exif)
        upright = ImageOps.exif_transpose(Image.open(io.BytesIO(memory.getvalue())))
        (folder / f"exif-{orientation}.jpg").write_bytes(memory.getvalue())
        CROP(upright).save(folder / f"exif-{orientation}.crop.png", optimize=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
