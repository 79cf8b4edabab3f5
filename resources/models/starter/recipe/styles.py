"""Other looks of a cut-out picture: recoloured, flat, shaded, outlined, as a line drawing. Shapes stay, so that names and boxes hold."""
import re

import numpy as np
from PIL import Image, ImageFilter

from content import COLOURS

COLOUR_BOUND = re.compile(r'\b(red|green|blue|orange|lemon|lime|blueberries|polar|salad)\b')     # what these are called depends on their colour
_GREY = np.array([.299, .587, .114], np.float32)


def _with(rgba, rgb):
    return np.dstack((np.clip(rgb, 0, 255).astype(np.uint8), rgba[..., 3]))


def turned_hue(r, rgba):
    """Rotates the colours about the axis of greys."""
    angle = r.uniform(.4, 5.9)
    cosine, sine = np.cos(angle), np.sin(angle) / 3 ** .5
    a, b, c = cosine + (1 - cosine) / 3, (1 - cosine) / 3 - sine, (1 - cosine) / 3 + sine
    return _with(rgba, rgba[..., :3].astype(np.float32) @ np.array([[a, b, c], [c, a, b], [b, c, a]], np.float32).T)


def toned(r, rgba):
    """Brightness, contrast and saturation; sometimes without colour."""
    rgb = rgba[..., :3].astype(np.float32)
    grey = (rgb @ _GREY)[..., None]
    rgb = grey + (rgb - grey) * r.choice([0, r.uniform(.2, 1.6), r.uniform(.2, 1.6)])
    return _with(rgba, (rgb - 128) * r.uniform(.6, 1.4) + 128 + r.uniform(-30, 40))


def flat(r, rgba):
    """A few even colours."""
    image = Image.fromarray(rgba[..., :3]).filter(ImageFilter.MedianFilter(r.choice([3, 5])))
    return _with(rgba, np.asarray(image.quantize(r.randint(3, 8), method=2).convert('RGB')).astype(np.float32))


def shaded(r, rgba):
    """Light from one side."""
    height, width = rgba.shape[:2]
    across, down = np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
    light = across[None] * r.uniform(-1, 1) + down[:, None] * r.uniform(-1, 1)
    return _with(rgba, rgba[..., :3] * (1 + .45 * light[..., None]))


def drawn(r, rgba):
    """Lines where the picture has edges, on paper, on a pale colour, or on nothing."""
    grey, alpha = rgba[..., :3].astype(np.float32) @ _GREY, rgba[..., 3].astype(np.float32)
    grey = np.where(alpha > 0, grey, 255.)
    edges = np.zeros_like(grey)
    for plane, gain in ((grey, r.uniform(1.2, 3)), (alpha, 1.5)):
        across, down = np.abs(np.diff(plane, axis=1, prepend=plane[:, :1])), np.abs(np.diff(plane, axis=0, prepend=plane[:1]))
        edges = np.maximum(edges, np.maximum(across, down) * gain)
    edges = np.clip(edges, 0, 255)
    if r.random() < .6:
        edges = np.asarray(Image.fromarray(edges.astype(np.uint8)).filter(ImageFilter.MaxFilter(3))).astype(np.float32)
    ink = np.array([r.randint(0, 90)] * 3 if r.random() < .7 else [r.randint(0, 140) for _ in range(3)], np.float32)
    body = np.array([r.randint(200, 255) for _ in range(3)] if r.random() < .5 else [255] * 3, np.float32)
    share = edges[..., None] / 255
    rgb = body * (1 - share) + ink * share
    return np.dstack((rgb, alpha if r.random() < .8 else np.minimum(edges * 1.2, 255))).clip(0, 255).astype(np.uint8)


def outlined(r, rgba):
    """A contour around the thing, as stickers and cartoons have it."""
    thick = r.choice([1, 2, 3])
    wide = np.pad(rgba, ((thick, thick), (thick, thick), (0, 0)))
    grown = np.asarray(Image.fromarray(wide[..., 3]).filter(ImageFilter.MaxFilter(2 * thick + 1)))
    line = np.array(r.choice([(20, 20, 20), (20, 20, 20), (255, 255, 255), tuple(r.randrange(256) for _ in range(3))]), np.float32)
    share = wide[..., 3:].astype(np.float32) / 255
    return np.dstack((wide[..., :3] * share + line * (1 - share), grown)).astype(np.uint8)


def coarse(r, rgba):
    """Square pixels."""
    height, width = rgba.shape[:2]
    step = max(2, min(height, width) // r.randint(18, 34))
    image = Image.fromarray(rgba).resize((max(8, width // step), max(8, height // step)), Image.BILINEAR)
    return np.asarray(image.resize((width, height), Image.NEAREST))


def tinted(rgba, colour):
    """The thing in shades of one named colour."""
    grey, goal = rgba[..., :3].astype(np.float32) @ _GREY / 255, np.array(COLOURS[colour], np.float32)
    shade = .72 + .36 * (grey - grey[rgba[..., 3] > 40].mean() if (rgba[..., 3] > 40).any() else grey)
    return _with(rgba, goal * np.clip(shade + .28, .45, 1.25)[..., None])


def restyled(r, rgba, name):
    """One or two of the looks; half of the pictures stay as they are."""
    if r.random() < .5 or min(rgba.shape[:2]) < 16:
        return rgba
    looks = [toned, toned, flat, flat, shaded, drawn, drawn, drawn, outlined, outlined, coarse]
    if not COLOUR_BOUND.search(name):
        looks += [turned_hue, turned_hue, turned_hue]
    for look in r.sample(looks, r.choice([1, 1, 2])):
        rgba = look(r, rgba)
    return np.ascontiguousarray(rgba)
