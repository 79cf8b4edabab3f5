"""Scenes: pictured things and coloured shapes on plain, noisy and photographic backgrounds; boxes in the official notation."""
import functools
import math
import random

import numpy as np
from PIL import Image, ImageDraw

from assets import crop_visible
from content import COLOURS, SHAPES
from raster import Page
from styles import COLOUR_BOUND

REF, REF_END, DET, DET_END, GROUNDING = '<|ref|>', '<|/ref|>', '<|det|>', '<|/det|>', '<|grounding|>'


def boxes_text(boxes):
    return DET + '[' + ', '.join('[%d, %d, %d, %d]' % tuple(box) for box in boxes) + ']' + DET_END


def normalised(box, width, height):
    """Pixel box -> the official 0..999 integers."""
    def clip(value, size):
        return max(0, min(999, int(value / size * 999)))
    return clip(box[0], width), clip(box[1], height), clip(box[2], width), clip(box[3], height)


def reference(phrase, boxes):
    return f'{REF}{phrase}{REF_END}{boxes_text(boxes)}'


# ---------------------------------------------------------------- pixels
def background(r, assets, width, height):
    """Pixels: plain, a gradient, smooth noise or a crop of a photograph."""
    k = r.random()
    if k < .30:
        colour = [r.randrange(256) for _ in range(3)] if r.random() < .6 else (255,) * 3 if r.random() < .7 else (30, 30, 34)
        pixels = np.empty((height, width, 3), np.uint8)
        pixels[:] = colour
        return pixels
    if k < .45:
        corners = np.array([[[r.randrange(256) for _ in range(3)] for _ in range(2)] for _ in range(2)], np.uint8)
        return np.array(Image.fromarray(corners).resize((width, height), Image.BILINEAR))
    if k < .55:
        noise = np.random.default_rng(r.randrange(1 << 30)).integers(0, 256, (r.choice([6, 12, 24]), r.choice([6, 12, 24]), 3))
        image = Image.fromarray(noise.astype(np.uint8)).resize((width, height), Image.BICUBIC)
        if r.random() < .5:
            image = Image.blend(image, Image.new('RGB', (width, height), tuple(r.randrange(256) for _ in range(3))), r.uniform(.3, .7))
        return np.array(image)
    photo = r.choice(assets.backgrounds)
    w = r.randint(min(150, photo.width - 1), photo.width)
    h = min(photo.height, max(80, int(w * height / width)))
    w = min(photo.width, max(80, int(h * width / height)))
    x, y = r.randint(0, photo.width - w), r.randint(0, photo.height - h)
    image = photo.resize((width, height), Image.BILINEAR, box=(x, y, x + w, y + h), reducing_gap=2.0)
    return np.array(image.transpose(Image.FLIP_LEFT_RIGHT) if r.random() < .5 else image)


@functools.lru_cache(maxsize=600)
def shape_cutout(kind, colour, size, outlined):
    side = size * 2
    image = Image.new('RGBA', (side, side), (0, 0, 0, 0))
    draw, fill, middle, radius = ImageDraw.Draw(image), COLOURS[colour] + (255,), size, size - 3
    line, thickness = ((20, 20, 20, 255), 3) if outlined else (None, 0)

    def polygon(corners, turn=0.0, r=radius):
        return [(middle + r * math.cos(2 * math.pi * i / corners + turn), middle + r * math.sin(2 * math.pi * i / corners + turn))
                for i in range(corners)]

    if kind == 'circle':
        draw.ellipse((3, 3, side - 3, side - 3), fill=fill, outline=line, width=thickness)
    elif kind == 'square':
        draw.rectangle((3, 3, side - 3, side - 3), fill=fill, outline=line, width=thickness)
    elif kind == 'rectangle':
        draw.rectangle((3, side // 4, side - 3, side * 3 // 4), fill=fill, outline=line, width=thickness)
    elif kind == 'triangle':
        draw.polygon([(middle, 3), (3, side - 3), (side - 3, side - 3)], fill=fill, outline=line)
    elif kind == 'diamond':
        draw.polygon(polygon(4), fill=fill, outline=line)
    elif kind == 'hexagon':
        draw.polygon(polygon(6), fill=fill, outline=line)
    elif kind == 'pentagon':
        draw.polygon(polygon(5, -math.pi / 2), fill=fill, outline=line)
    elif kind == 'star':
        outer, inner = polygon(5, -math.pi / 2), polygon(5, -math.pi / 2 + math.pi / 5, radius * .42)
        draw.polygon([point for pair in zip(outer, inner) for point in pair], fill=fill, outline=line)
    elif kind == 'ring':
        draw.ellipse((3, 3, side - 3, side - 3), fill=fill)
        draw.ellipse((side // 4, side // 4, side * 3 // 4, side * 3 // 4), fill=(0, 0, 0, 0))
    else:
        draw.rectangle((side * 3 // 8, 3, side * 5 // 8, side - 3), fill=fill)
        draw.rectangle((3, side * 3 // 8, side - 3, side * 5 // 8), fill=fill)
    return crop_visible(np.asarray(image.resize((size, size), Image.LANCZOS)))


def free_place(r, page, width, height):
    """A position that hides at most an eighth of anything already there, or None."""
    for _ in range(25):
        x, y = r.randint(0, max(0, page.width - width)), r.randint(0, max(0, page.height - height))
        for _, other in page.objects:
            across = min(x + width, other[2]) - max(x, other[0])
            down = min(y + height, other[3]) - max(y, other[1])
            if across > 0 and down > 0 and across * down > .12 * min(width * height, (other[2] - other[0]) * (other[3] - other[1])):
                break
        else:
            return x, y
    return None


def draw_scene(r, assets, width, height, things=None, shapes=None, count=None, styles='fnt'):
    """A page with `count` things; `things` are names, or (colour, shape) pairs with shapes=True."""
    page = Page(background(r, assets, width, height))
    count = count or r.choices([1, 2, 3, 4, 5, 6, 8], [16, 18, 20, 18, 12, 10, 6])[0]
    shapes = r.random() < .18 if shapes is None else shapes
    if things is None:
        kinds = max(1, min(count, r.choice([count, count, (count + 1) // 2, 1 if r.random() < .4 else count])))
        if shapes:
            things = [(r.choice(list(COLOURS)), r.choice(SHAPES)) for _ in range(kinds)]
        else:
            things = r.sample(assets.names, kinds)
    sequence = list(things) + [r.choice(things) for _ in range(max(0, count - len(things)))]
    base = r.uniform(.16, .45) if count <= 4 else r.uniform(.12, .28)
    painted = not shapes and styles == 'fnt' and not assets.held and r.random() < .12      # each thing in one colour
    for thing in sequence:
        size = max(28, int(min(width, height) * base * r.uniform(.65, 1.35)))
        colour = None
        if shapes:
            cutout, name = shape_cutout(thing[1], thing[0], size, r.random() < .4), f'{thing[0]} {thing[1]}'
        else:
            colour = r.choice([c for c in COLOURS if c not in ('black', 'white')]) if painted and not COLOUR_BOUND.search(thing) else None
            cutout, name = assets.cutout(r, thing, size, styles, colour), thing
        if cutout is None:
            continue
        place = free_place(r, page, cutout.shape[1], cutout.shape[0])
        if place is None:
            continue
        x, y = place
        page.sprite(cutout, x, y)
        page.objects.append((name, (x, y, min(page.width, x + cutout.shape[1]), min(page.height, y + cutout.shape[0]))))
        if shapes or colour:
            page.colours[page.objects[-1][1]] = thing[0] if shapes else colour
    return page


# ---------------------------------------------------------------- places
def where(box, width, height):
    x, y = (box[0] + box[2]) / 2 / width, (box[1] + box[3]) / 2 / height
    vertical = 'top' if y < .36 else 'bottom' if y > .64 else ''
    horizontal = 'left' if x < .36 else 'right' if x > .64 else ''
    if not vertical and not horizontal:
        return 'in the center'
    return f'on the {horizontal}' if not vertical else f'at the {vertical} {horizontal}'.strip()


def grouped(objects):
    """name -> boxes, left to right."""
    groups = {}
    for name, box in objects:
        groups.setdefault(name, []).append(box)
    for boxes in groups.values():
        boxes.sort(key=lambda b: (b[0], b[1]))
    return dict(sorted(groups.items(), key=lambda item: (item[1][0][0], item[1][0][1])))
