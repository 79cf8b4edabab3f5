"""The asset pack at training time: fonts, cut-out pictures, backgrounds, corpus. `pack_assets.py` makes the pack."""
import io
import json
import multiprocessing
import zipfile
from collections import OrderedDict

import numpy as np
from PIL import Image

from content import COLOURS, SHAPES
from raster import Strike
from styles import restyled, tinted

HELD_BACKGROUNDS = 6   # the last ones are never trained on
HELD_STYLE = 't'       # every fifth thing is never trained on in this drawing style


class Assets:
    """held=True: only what training never saw: fonts, backgrounds, every tenth text; `held_names` in the drawing style HELD_STYLE."""

    def __init__(self, path, held=False):
        pack = zipfile.ZipFile(path)
        self.corpus = json.loads(pack.read('corpus.json'))
        for key in ('sent', 'fort', 'words'):
            self.corpus[key] = [text for i, text in enumerate(self.corpus[key]) if (i % 10 == 0) == held]
        self.held = held
        self.names = sorted(self.corpus['classes'])
        self.held_names = [name for name in self.names[::5] if len(self.corpus['classes'][name]) == 3]
        self.pictures = {}
        for name, files in self.corpus['classes'].items():
            self.pictures[name] = [(style, Image.open(io.BytesIO(pack.read(file))).convert('RGBA')) for style, file in files
                                   if held or style != HELD_STYLE or name not in self.held_names]
        files = sorted(name for name in pack.namelist() if name.startswith('bg/'))
        files = files[-HELD_BACKGROUNDS:] if held else files[:-HELD_BACKGROUNDS]
        self.backgrounds = [Image.open(io.BytesIO(pack.read(name))).convert('RGB') for name in files]
        folder = 'font_held/' if held else 'font/'
        self.fonts = [pack.read(name) for name in sorted(pack.namelist()) if name.startswith(folder)]
        self._strikes = OrderedDict()
        self.shapes = [f'{colour} {shape}' for colour in COLOURS for shape in SHAPES]
        labels = self.names + self.shapes
        self.class_ids = {name: i + 1 for i, name in enumerate(labels)}
        self.class_count = len(labels) + 1

    def strike(self, r, size, font=None):
        """A strike of this size and the index of its font (drawn at random unless given)."""
        font = r.randrange(len(self.fonts)) if font is None else font
        key = font, size
        strike = self._strikes.get(key)
        if strike is None:
            strike = self._strikes[key] = Strike(self.fonts[font], size)
            if len(self._strikes) > 6000:
                self._strikes.popitem(last=False)
        return strike, font

    def prebuild(self, processes, sizes=range(9, 37)):
        """Makes the usual strikes in parallel, before the workers are forked, so that they share them."""
        jobs = [(font, size) for font in range(len(self.fonts)) for size in sizes]
        global _fonts
        _fonts = self.fonts
        with multiprocessing.get_context('fork').Pool(processes) as pool:
            for job, strike in zip(jobs, pool.imap(_build, jobs, chunksize=8)):
                self._strikes[job] = strike

    def cutout(self, r, name, size, styles, colour=None):
        """An RGBA array of a pictured thing with its longer side at `size` pixels, cropped to what is visible; in one colour if given."""
        options = [image for style, image in self.pictures[name] if style in styles] or [self.pictures[name][0][1]]
        image = r.choice(options)
        scale = size / max(image.size)
        stretch = r.uniform(.8, 1.) if r.random() < .25 and not self.held else 1.
        across, down = (stretch, 1.) if r.random() < .5 else (1., stretch)
        image = image.resize((max(8, int(image.width * scale * across)), max(8, int(image.height * scale * down))), Image.BILINEAR, reducing_gap=2.0)
        if r.random() < .35:
            image = image.transpose(Image.FLIP_LEFT_RIGHT)
        if r.random() < .15:
            image = image.rotate(r.uniform(-25, 25), expand=True, resample=Image.BILINEAR)
        rgba = np.asarray(image)
        if colour:
            rgba = tinted(rgba, colour)
        elif not self.held:
            rgba = restyled(r, rgba, name)
        return crop_visible(rgba)


_fonts = None


def _build(job):
    return Strike(_fonts[job[0]], job[1])


def crop_visible(rgba):
    visible = rgba[..., 3] > 40
    rows, columns = np.flatnonzero(visible.any(1)), np.flatnonzero(visible.any(0))
    if not len(rows):
        return None
    return np.ascontiguousarray(rgba[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1])
