"""Pixels and labels of one page: text with exact character positions, cut-out pictures, rectangles, and the official views.

Text is blended from cached glyph masks by a small C helper, about fifty times faster than drawing it with Pillow, so that
a CPU core renders some hundred labelled pages a second.
"""
import ctypes
import io
import os
import subprocess
import tempfile

import numpy as np
from PIL import Image, ImageDraw, ImageFont

TILE, PATCH, GRID, SLOTS = 384, 14, 27, 4
GREY = (127, 127, 127)
CANDIDATES = [(TILE * columns, TILE * rows) for columns in range(1, 10) for rows in range(1, 10) if columns * rows <= 9]


def _load_helper():
    """The compiled blit.c: from VL2_BLIT if set, else built once into the temporary folder."""
    path = os.environ.get('VL2_BLIT')
    if not path:
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'blit.c')
        path = os.path.join(tempfile.gettempdir(), f'vl2-blit-{int(os.stat(source).st_mtime)}.so')
        if not os.path.exists(path):
            building = f'{path}.{os.getpid()}'
            subprocess.check_call(['cc', '-O3', '-shared', '-fPIC', '-o', building, source])
            os.replace(building, path)
    return ctypes.CDLL(path)


_helper = _load_helper()


def _pointer(array):
    return ctypes.c_void_p(array.ctypes.data)


def edit_distance(a, b):
    codes_a, codes_b = np.array([ord(c) for c in a], np.int32), np.array([ord(c) for c in b], np.int32)
    row = np.zeros(len(b) + 1, np.int32)
    return int(_helper.edit_distance(_pointer(codes_a), len(a), _pointer(codes_b), len(b), _pointer(row)))


class Strike:
    """One font at one pixel size: masks and metrics of the printable ASCII characters."""

    def __init__(self, font_bytes, size):
        font = ImageFont.truetype(io.BytesIO(font_bytes), size, layout_engine=ImageFont.Layout.BASIC)
        self.size = size
        self.ascent, self.descent = font.getmetrics()
        self.advance = np.zeros(95, np.float32)
        self.glyphs = np.zeros((95, 5), np.int32)
        masks, offset = [], 0
        for i in range(95):
            character = chr(32 + i)
            self.advance[i] = font.getlength(character)
            left, top, right, bottom = font.getbbox(character, anchor='ls')
            width, height = right - left, bottom - top
            if width <= 0 or height <= 0 or i == 0:
                continue
            image = Image.new('L', (width, height))
            ImageDraw.Draw(image).text((-left, -top), character, font=font, fill=255, anchor='ls')
            self.glyphs[i] = offset, width, height, left, -top
            masks.append(np.asarray(image, np.uint8).ravel())
            offset += width * height
        self.masks = np.concatenate(masks) if masks else np.zeros(1, np.uint8)

    def length(self, text):
        codes = np.frombuffer(text.encode('ascii'), np.uint8) - 32
        return float(self.advance[codes].sum())

    def wrap(self, text, width):
        """Lines of `text` no wider than `width`; over-long words are cut."""
        lines, current, used, space = [], '', 0.0, float(self.advance[0])
        for word in text.split():
            length = self.length(word)
            while length > width and len(word) > 1:
                cut = max(1, int(len(word) * width / length) - 1)
                if current:
                    lines.append(current)
                    current, used = '', 0.0
                lines.append(word[:cut])
                word = word[cut:]
                length = self.length(word)
            if current and used + space + length > width:
                lines.append(current)
                current, used = '', 0.0
            used += length + (space if current else 0)
            current = f'{current} {word}' if current else word
        return lines + [current] if current else lines


class Page:
    """An RGB image being drawn, with what is known about it: characters, word boxes and pictured objects."""

    def __init__(self, pixels):
        self.pixels = np.ascontiguousarray(pixels)
        self.height, self.width = pixels.shape[:2]
        self.codes, self.x, self.y, self.words, self.objects = [], [], [], [], []
        self.colours = {}      # box of an object -> its one colour, where it has one

    def text(self, x, top, text, strike, ink, spacing=0.0):
        """Draws one line with its ascender line at `top`; returns the ink box."""
        codes = np.frombuffer(text.encode('ascii'), np.uint8)
        advance = strike.advance[codes - 32] + np.float32(spacing)
        pen = np.empty(len(codes), np.float32)
        pen[0] = x
        np.cumsum(advance[:-1], out=pen[1:])
        pen[1:] += np.float32(x)
        baseline = int(round(top + strike.ascent))
        colour = np.array(ink, np.uint8)
        _helper.draw_text(_pointer(self.pixels), self.width, self.height, _pointer(strike.masks), _pointer(strike.glyphs),
                          _pointer(codes), _pointer(pen), len(codes), baseline, _pointer(colour))
        glyphs = strike.glyphs[codes - 32]
        upper = baseline - int(glyphs[:, 4].max())
        lower = baseline + int((glyphs[:, 2] - glyphs[:, 4]).max())
        centre = pen + advance * .5
        self.codes.append(codes)
        self.x.append(centre)
        self.y.append(np.full(len(codes), baseline - .32 * strike.size, np.float32))
        ends, boxes = pen + advance, np.zeros((len(codes), 4), np.float32)
        breaks = np.flatnonzero(codes == 32)
        for start, stop in zip(np.append(0, breaks + 1), np.append(breaks, len(codes))):
            if stop > start:
                boxes[start:stop] = pen[start], upper, ends[stop - 1], lower
        self.words.append(boxes)
        return float(pen[0]), upper, float(ends[-1]), lower

    def sprite(self, rgba, left, top):
        rgba = np.ascontiguousarray(rgba)
        _helper.draw_sprite(_pointer(self.pixels), self.width, self.height, _pointer(rgba), rgba.shape[1], rgba.shape[0], left, top)

    def rectangle(self, left, top, right, bottom, colour, alpha=255):
        colour = np.array(colour, np.uint8)
        _helper.fill_rectangle(_pointer(self.pixels), self.width, self.height, int(left), int(top), int(right), int(bottom),
                               _pointer(colour), alpha)

    def frame(self, left, top, right, bottom, colour, thickness=1):
        self.rectangle(left, top, right, top + thickness, colour)
        self.rectangle(left, bottom - thickness, right, bottom, colour)
        self.rectangle(left, top, left + thickness, bottom, colour)
        self.rectangle(right - thickness, top, right, bottom, colour)

    def characters(self):
        """All characters in reading order as drawn: codes, x, y, word boxes."""
        if not self.codes:
            return np.zeros(0, np.uint8), np.zeros(0, np.float32), np.zeros(0, np.float32), np.zeros((0, 4), np.float32)
        return tuple(np.concatenate(part) for part in (self.codes, self.x, self.y, self.words))

    def moved_to(self, pixels, left, top):
        """This page has been drawn into a larger picture."""
        self.pixels = pixels
        self.height, self.width = pixels.shape[:2]
        shift = np.array([left, top, left, top], np.float32)
        self.x, self.y = [x + np.float32(left) for x in self.x], [y + np.float32(top) for y in self.y]
        self.words = [words + shift for words in self.words]
        self.objects = [(name, tuple(np.add(box, shift))) for name, box in self.objects]

    def rotate(self, degrees):
        """Turns the page about its centre and moves the labels along (boxes become their hulls)."""
        image = Image.fromarray(self.pixels)
        fill = tuple(int(v) for v in self.pixels[0, 0])
        self.pixels = np.ascontiguousarray(np.asarray(image.rotate(degrees, Image.BICUBIC, fillcolor=fill)))
        angle, cx, cy = np.deg2rad(degrees), self.width / 2, self.height / 2
        cosine, sine = np.cos(angle), np.sin(angle)

        def turn(x, y):
            return (x - cx) * cosine + (y - cy) * sine + cx, (y - cy) * cosine - (x - cx) * sine + cy

        def hull(box):
            xs, ys = turn(np.array([box[0], box[2], box[0], box[2]]), np.array([box[1], box[1], box[3], box[3]]))
            return float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())

        for i in range(len(self.x)):
            x, y = turn(self.x[i], self.y[i])
            self.x[i], self.y[i] = x.astype(np.float32), y.astype(np.float32)
            corners = [turn(self.words[i][:, a], self.words[i][:, b]) for a, b in ((0, 1), (2, 1), (0, 3), (2, 3))]
            xs, ys = np.stack([c[0] for c in corners]), np.stack([c[1] for c in corners])
            self.words[i] = np.stack((xs.min(0), ys.min(0), xs.max(0), ys.max(0)), 1).astype(np.float32)
        self.objects = [(name, hull(box)) for name, box in self.objects]
        return hull


def best_resolution(width, height):
    """The official choice of the tile canvas for an image."""
    best, best_effective, best_waste = None, 0, 1e18
    for candidate in CANDIDATES:
        scale = min(candidate[0] / width, candidate[1] / height)
        effective = min(int(width * scale) * int(height * scale), width * height)
        waste = candidate[0] * candidate[1] - effective
        if effective > best_effective or (effective == best_effective and waste < best_waste):
            best, best_effective, best_waste = candidate, effective, waste
    return best


def pad(pixels, width, height):
    """The official resize-and-pad. Returns the canvas and (scale, x offset, y offset)."""
    h, w = pixels.shape[:2]
    if (w, h) == (width, height):
        return pixels, (1.0, 0, 0)
    if w * height == h * width:
        new_width, new_height = width, height
    elif w / h > width / height:
        new_width, new_height = width, max(1, round(h / w * width))
    else:
        new_width, new_height = max(1, round(w / h * height)), height
    if (new_width, new_height) != (w, h):
        pixels = np.asarray(Image.fromarray(pixels).resize((new_width, new_height), Image.BICUBIC))
    canvas = np.empty((height, width, 3), np.uint8)
    canvas[:] = GREY
    x, y = round((width - new_width) * .5), round((height - new_height) * .5)
    canvas[y:y + new_height, x:x + new_width] = pixels
    return canvas, (new_width / w, x, y)


class TileLabels:
    """What every visual token of a tile should know: characters per 14-pixel patch, object class and box edges per 28-pixel cell."""

    def __init__(self, page, class_ids, scale, offset_x, offset_y):
        codes, x, y, words = page.characters()
        x, y = x * np.float32(scale) + np.float32(offset_x), y * np.float32(scale) + np.float32(offset_y)
        self.characters = np.zeros((GRID * GRID, SLOTS), np.uint8)
        if len(codes):
            x, y = np.ascontiguousarray(x, np.float32), np.ascontiguousarray(y, np.float32)
            _helper.label_characters(_pointer(codes), _pointer(x), _pointer(y), len(codes), GRID, ctypes.c_float(PATCH), SLOTS,
                                     _pointer(self.characters))
        self.classes = np.zeros((14, 14), np.int16)
        self.boxes = np.zeros((14, 14, 4), np.float32)
        self.boxed = np.zeros((14, 14), np.uint8)
        if len(codes):
            column, row = (x / 28).astype(int), (y / 28).astype(int)
            inside = (x >= 0) & (y >= 0) & (column < 14) & (row < 14) & (codes != 32)
            shift = np.array([offset_x, offset_y, offset_x, offset_y], np.float32)
            self.boxes[row[inside], column[inside]] = words[inside] * np.float32(scale) + shift
            self.boxed[row[inside], column[inside]] = 1
        for name, box in page.objects:
            x1, y1, x2, y2 = (v * scale + o for v, o in zip(box, (offset_x, offset_y, offset_x, offset_y)))
            columns = slice(max(0, int(np.ceil(x1 / 28 - .5))), max(0, int(np.floor(x2 / 28 - .5)) + 1))
            rows = slice(max(0, int(np.ceil(y1 / 28 - .5))), max(0, int(np.floor(y2 / 28 - .5)) + 1))
            self.classes[rows, columns] = class_ids.get(name, 0)
            self.boxes[rows, columns] = x1, y1, x2, y2
            self.boxed[rows, columns] = 1
        self.boxes = (self.boxes - _CELL_CENTRES) / 96


_centre = np.arange(14, dtype=np.float32) * 28 + 14
_CELL_CENTRES = np.stack(np.broadcast_arrays(_centre[None, :], _centre[:, None]) * 2, -1)


def views(page, class_ids, cropping=True):
    """-> tiles, labels, (columns, rows): the global view first, then local tiles row by row. With one tile only the global view
    is returned (its local tile is identical)."""
    width, height = best_resolution(page.width, page.height) if cropping else (TILE, TILE)
    canvas, place = pad(page.pixels, TILE, TILE)
    tiles, labels = [canvas], [TileLabels(page, class_ids, *place)]
    columns, rows = width // TILE, height // TILE
    if columns * rows > 1:
        canvas, (scale, x, y) = pad(page.pixels, width, height)
        for row in range(rows):
            for column in range(columns):
                tiles.append(canvas[row * TILE:(row + 1) * TILE, column * TILE:(column + 1) * TILE])
                labels.append(TileLabels(page, class_ids, scale, x - column * TILE, y - row * TILE))
    return tiles, labels, (columns, rows)
