#!/usr/bin/python3
"""Makes the golden crops that pin EdgeShelf's crops of regions to PIL's.

    apt-get install -y python3-pil
    /usr/bin/python3 scripts/golden/make_golden_regions.py tests/EdgeShelf.Tests/Pictures

For each region below it writes GoldenRegions/NAME.png: `crop` and `resize((224, 224))`, as torchvision's Resize((224, 224)) does, of the
upright picture. It also writes GoldenRegions/regions.csv with the pictures and regions. The pictures are in Golden/, drawn by
make_golden_crops.py; Bay/bay.jpg is the picture of the demo, src/EdgeShelf/Cli/DemoBay/bay.jpg, which has a NOTICE.
"""
import sys
from pathlib import Path

from PIL import Image, ImageOps

SIDE = 224

# Name, picture, and the region as fractions of the upright picture: left, top, width, height.
REGIONS = [
    ("place", "Bay/bay.jpg", 0.0844, 0.0522, 0.0367, 0.1148),
    ("whole-shelf", "Bay/bay.jpg", 0.0, 0.5, 1.0, 0.17),
    ("corner", "Bay/bay.jpg", 0.96, 0.93, 0.04, 0.07),
    ("upright-strip", "Bay/bay.jpg", 0.333, 0.0, 0.013, 1.0),
    ("one-pixel", "Golden/scene-333x501.png", 0.5, 0.25, 0.0001, 0.0001),
    ("few-pixels", "Golden/scene-97x61.png", 0.31, 0.42, 0.1, 0.08),
    ("reduced", "Golden/scene-1201x799.png", 0.1, 0.05, 0.77, 0.9),
    ("half-to-even", "Golden/scene-300x2000.png", 0.005, 0.00025, 0.5, 0.501),
    ("photo", "Golden/photo-420.jpg", 0.21, 0.33, 0.25, 0.5),
    ("turned", "Golden/exif-6.jpg", 0.55, 0.1, 0.37, 0.3),
    ("mirrored", "Golden/exif-7.jpg", 0.0, 0.71, 0.2, 0.29),
]


def edges(start: float, length: float, pixels: int) -> tuple[int, int]:
    """Rounds half to even; the box is inside of the picture and has at least one pixel."""
    first = min(max(round(start * pixels), 0), pixels - 1)
    end = min(max(round((start + length) * pixels), 0), pixels)
    return first, max(end, first + 1)


def find(folder: Path, picture: str) -> Path:
    demo = Path(__file__).resolve().parents[2] / "src" / "EdgeShelf" / "Cli" / "DemoBay"
    return demo / "bay.jpg" if picture == "Bay/bay.jpg" else folder / picture


def main(folder: Path) -> None:
    target = folder / "GoldenRegions"
    target.mkdir(parents=True, exist_ok=True)
    lines = ["name,picture,x,y,width,height"]
    for name, picture, x, y, width, height in REGIONS:
        upright = ImageOps.exif_transpose(Image.open(find(folder, picture))).convert("RGB")
        left, right = edges(x, width, upright.width)
        top, bottom = edges(y, height, upright.height)
        crop = upright.crop((left, top, right, bottom)).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        crop.save(target / f"{name}.png", optimize=True)
        lines.append(f"{name},{picture},{x},{y},{width},{height}")
    (target / "regions.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
