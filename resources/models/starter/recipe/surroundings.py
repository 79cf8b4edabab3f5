"""Documents that lie in a larger picture: on a table, a desktop, a wall; with a border, a shadow or a torn edge."""
import numpy as np

from content import COLOURS
from scenes import background


def _teeth(r, width):
    """Depth of a torn edge at each column."""
    tooth, steepness = r.randint(6, 20), r.uniform(.5, 1.0)
    return (np.abs(np.arange(width) % (2 * tooth) - tooth) * steepness).astype(int)


def laid(r, assets, document, width, height):
    """The document somewhere in a picture of at least this size; all that is known about it moves along."""
    page = document.page
    width, height = max(width, page.width + 8), max(height, page.height + 8)
    if r.random() < .35:
        pixels = np.empty((height, width, 3), np.uint8)
        pixels[:] = r.choice(list(COLOURS.values())) if r.random() < .4 else [r.randrange(256) for _ in range(3)]
    else:
        pixels = background(r, assets, width, height)
    if r.random() < .5:
        left, top = (width - page.width) // 2, r.randint(0, height - page.height)
    else:
        left, top = r.randint(0, width - page.width), r.randint(0, height - page.height)
    right, bottom, shadow = left + page.width, top + page.height, r.choice([0, 0, 4, 8, 14])
    if shadow:
        under = pixels[top + shadow:bottom + shadow, left + shadow:right + shadow]
        under[:] = under * np.float32(r.uniform(.4, .8))
    pixels = np.ascontiguousarray(pixels)
    below = pixels[top:bottom, left:right].copy()
    pixels[top:bottom, left:right] = page.pixels
    lowest = max((line.box[3] for line in document.lines), default=0)
    if r.random() < .3 and page.height - lowest > 12 and document.kind in ('receipt', 'text', 'form'):
        depth = np.minimum(_teeth(r, page.width), page.height - int(lowest) - 4)
        cut = np.arange(page.height)[:, None] >= page.height - depth[None]
        pixels[top:bottom, left:right][cut] = below[cut]
    elif r.random() < .25:
        for edge in (np.s_[top:top + 2, left:right], np.s_[bottom - 2:bottom, left:right], np.s_[top:bottom, left:left + 2],
                     np.s_[top:bottom, right - 2:right]):
            pixels[edge] = r.randrange(256)
    page.moved_to(pixels, left, top)
    document.move(left, top)
    return document
