"""Tiles with a label for every visual token, for the first stage."""
import random

import numpy as np
import torch

import content
import pages
import samples
from raster import Page, views
from scenes import background, draw_scene, free_place


def stack_labels(labels):
    """TileLabels of many tiles -> dictionary of tensors."""
    return {'characters': torch.from_numpy(np.stack([l.characters for l in labels])),
            'classes': torch.from_numpy(np.stack([l.classes.reshape(-1) for l in labels])),
            'boxes': torch.from_numpy(np.stack([l.boxes.reshape(-1, 4) for l in labels])).half(),
            'boxed': torch.from_numpy(np.stack([l.boxed.reshape(-1) for l in labels]))}


def collage(r, assets, width, height, level):
    """Snippets in many fonts and some pictures on one background: many labels a tile."""
    page = draw_scene(r, assets, width, height, shapes=False, count=r.randint(1, 4)) if r.random() < .6 else \
        Page(background(r, assets, width, height))
    for _ in range(r.randint(3, 12)):
        size = r.randint(max(9, int(24 - 15 * level)), max(16, int(44 - 22 * level)))
        strike, _ = assets.strike(r, size)
        text = ' '.join(content.passage(r, assets.corpus).split()[:r.randint(1, 5)])
        length = int(strike.length(text)) + 8
        if length > width - 4:
            continue
        place = free_place(r, page, length, size + 6)
        if place is None:
            continue
        x, y = place
        below = page.pixels[y:y + size + 6:4, x:x + length:4]
        if below.std() > 40 and r.random() < .8:
            shade = r.choice([r.randint(0, 60), r.randint(190, 255)])
            page.rectangle(x, y, x + length, y + size + 6, (shade,) * 3, r.randint(140, 255))
            below = page.pixels[y:y + size + 6:4, x:x + length:4]
        dark = below.mean() > 128
        ink = tuple(r.randint(0, 80) if dark else r.randint(180, 255) for _ in range(3))
        page.text(x + 4, y + (size + 6 - strike.ascent - strike.descent) / 2, text, strike, ink)
        page.objects.append(('', (x, y, x + length, y + size + 6)))
    page.objects = [item for item in page.objects if item[0]]
    return page


def draw(r, assets, level):
    """-> tiles and labels of one page."""
    k = r.random()
    if k < .30:
        width, height = samples.page_size(r, False) if r.random() < .5 else (384, 384)
        document = pages.text_page(r, assets, width, height, min(1, level * r.uniform(.5, 1.0)))
        page = document.page
    elif k < .42:
        page = samples.document(r, assets, r.choice(samples.DOCUMENTS[1:]), *samples.page_size(r, False), level).page
    elif k < .50:
        size = r.choice([(768, 768), (768, 384), (384, 768)])
        page = pages.text_page(r, assets, *size, level).page
        tiles, labels, _ = views(page, assets.class_ids)
        return tiles[1:], labels[1:]
    elif k < .68:
        page = collage(r, assets, *((384, 384) if r.random() < .6 else samples.page_size(r, False)), level)
    else:
        page = samples.scene(r, assets, *samples.page_size(r, False), shapes=r.random() < .12, count=r.randint(1, 9))
    if k < .5 and r.random() < .1:
        page.rotate(r.uniform(-5, 5))
    tiles, labels, _ = views(page, assets.class_ids, cropping=False)
    return tiles, labels


class DenseStream(torch.utils.data.IterableDataset):
    """Endless batches of `size` tiles; `level` is a shared value the trainer raises."""

    def __init__(self, assets, size, seed, level):
        self.assets, self.size, self.seed, self.level = assets, size, seed, level

    def __iter__(self):
        torch.set_num_threads(1)
        worker = torch.utils.data.get_worker_info()
        r = random.Random(self.seed * 1000 + (worker.id if worker else 0))
        tiles, labels = [], []
        while True:
            while len(tiles) < self.size:
                try:
                    more_tiles, more_labels = draw(r, self.assets, self.level.value * r.random() ** .5)
                except Exception as error:   # a page that does not fit its text is drawn anew
                    print('page dropped:', repr(error), flush=True)
                    continue
                tiles += more_tiles
                labels += more_labels
            batch = stack_labels(labels[:self.size])
            batch['tiles'] = torch.from_numpy(np.stack(tiles[:self.size])).permute(0, 3, 1, 2).contiguous()
            tiles, labels = tiles[self.size:], labels[self.size:]
            yield batch
