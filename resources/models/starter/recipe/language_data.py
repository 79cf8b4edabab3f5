"""Conversations as token sequences with their tiles, packed into batches of similar length."""
import random

import numpy as np
import torch

import samples
from dense_data import draw, stack_labels
from raster import TILE, views
from tokenizer import Tokenizer

IGNORED = -1
VISUAL_TOKENS = 196
LENGTHS = 600, 640, 768, 960, 1280, 1536, 1920, 2400, 3200     # of sequences; each divides 38400


class Encoded:
    """One conversation: ids, where each visual position comes from, the weight of each token as an answer; tiles and their labels."""

    def __init__(self):
        self.ids, self.sources, self.answer, self.tiles, self.labels = [], [], [], [], []

    def text(self, ids, answer=False):
        self.ids += ids
        self.sources += [-1] * len(ids)
        # tokens of short answers (yes or no, how many) weigh more than those of a long text
        self.answer += [len(ids) ** -.3 if answer else 0.] * len(ids)

    def image(self, page, class_ids, cropping, image_id):
        first = len(self.tiles)
        tiles, labels, (columns, rows) = views(page, class_ids, cropping)
        self.tiles += tiles
        self.labels += labels
        local = [first] if columns * rows == 1 else list(range(first + 1, first + len(tiles)))
        grid = np.arange(VISUAL_TOKENS).reshape(14, 14)
        sources = []
        for row in range(14):
            sources += (2 + first * VISUAL_TOKENS + grid[row]).tolist() + [0]
        sources.append(1)
        for tile_row in range(rows):
            for row in range(14):
                for column in range(columns):
                    sources += (2 + local[tile_row * columns + column] * VISUAL_TOKENS + grid[row]).tolist()
                sources.append(0)
        self.ids += [image_id] * len(sources)
        self.sources += sources
        self.answer += [0.] * len(sources)


def encode(tokenizer, class_ids, pages, turns, prompt_only=False, most=None):
    """The official prompt format. With prompt_only the last answer is left out; turns beyond `most` tokens are dropped."""
    result, next_page = Encoded(), 0
    result.text([Tokenizer.BOS])
    for number, (question, answer) in enumerate(turns):
        if most and number and len(result.ids) + len(tokenizer.encode(question + answer)) + 9 > most:
            break
        parts = f'<|User|>: {question.strip()}\n\n<|Assistant|>:'.split('<image>')
        for i, part in enumerate(parts):
            if part:
                result.text(tokenizer.encode(part))
            if i < len(parts) - 1:
                result.image(pages[next_page], class_ids, len(pages) <= 2, tokenizer.image)
                next_page += 1
        if prompt_only and number == len(turns) - 1:
            break
        result.text(tokenizer.encode(answer.strip()) + [Tokenizer.EOS], answer=True)
    return result


def padded_length(tokens):
    return next(length for length in LENGTHS if length >= tokens)


def collate(batch, tile_count, rows, length):
    """Tensors of a batch, padded to tile_count tiles and rows of this length, so that compiled code meets one shape only."""
    ids = np.zeros((rows, length), np.int64)
    sources = np.full((rows, length), -1, np.int64)
    places, targets, weights, tiles, labels = [], [], [], [], []
    for i, item in enumerate(batch):
        n = len(item.ids)
        ids[i, :n] = item.ids
        source = np.array(item.sources)
        sources[i, :n] = np.where(source >= 2, source + len(tiles) * VISUAL_TOKENS, source)
        answered = np.flatnonzero(item.answer)
        places.append(i * length + answered - 1)
        targets.append(ids[i, answered])
        weights.append(np.array(item.answer, np.float32)[answered])
        tiles += item.tiles
        labels += item.labels
    places, targets, weights = np.concatenate(places), np.concatenate(targets), np.concatenate(weights)
    extra = -len(places) % 1024      # few different sizes
    result = {}
    if labels:
        for name, value in stack_labels(labels).items():
            result[name] = torch.cat((value, value.new_zeros(tile_count - len(labels), *value.shape[1:])))
    blank = np.zeros((TILE, TILE, 3), np.uint8)
    used = len(tiles)
    tiles = np.stack(tiles + [blank] * (tile_count - used))
    result.update(tiles=torch.from_numpy(tiles).permute(0, 3, 1, 2).contiguous(), ids=torch.from_numpy(ids),
                  sources=torch.from_numpy(sources), places=torch.from_numpy(np.append(places, np.zeros(extra, np.int64))),
                  targets=torch.from_numpy(np.append(targets, np.full(extra, IGNORED))),
                  weights=torch.from_numpy(np.append(weights, np.zeros(extra, np.float32))), used=torch.tensor(used))
    return result


class ConversationStream(torch.utils.data.IterableDataset):
    """Endless batches. `level` (text density) and `big` (share of images of several tiles) are shared values."""

    def __init__(self, assets, tokenizer, tile_count, token_count, seed, level, big, pool=160):
        self.assets, self.tokenizer, self.seed, self.level, self.big, self.pool = assets, tokenizer, seed, level, big, pool
        self.tile_count, self.token_count = tile_count, token_count

    def one(self, r, big):
        level = self.level.value
        if not big and r.random() < .1 + .35 * max(0, .4 - level):   # short answers: a few words, large or small
            level = .12
        pages, turns = samples.make(r, self.assets, big=big, level=level)
        # as many turns as fit beside the image, which costs the most
        return encode(self.tokenizer, self.assets.class_ids, pages, turns, most=3000 if big else 900 if len(pages) == 1 else 2300)

    def __iter__(self):
        torch.set_num_threads(1)
        worker = torch.utils.data.get_worker_info()
        number = worker.id if worker else 0
        r = random.Random(self.seed * 1000 + number)
        turns = random.Random(number)      # the same on every GPU, so that none waits for the larger batch of another
        pools = {False: [], True: []}
        while True:
            big = turns.random() < self.big.value
            pool, longest = pools[big], LENGTHS[-1] if big else 2400
            goal = self.pool // 4 if big else self.pool
            while len(pool) < goal:
                try:
                    item = self.one(r, big)
                except Exception as error:
                    print('sample dropped:', repr(error), flush=True)
                    continue
                if len(item.ids) <= longest and any(item.answer):
                    pool.append(item)
            pool.sort(key=lambda item: len(item.ids))
            i, batch, tiles = r.randrange(len(pool) * 2 // 5, len(pool)), [], 0     # short ones wait for company
            length = padded_length(len(pool[i].ids))
            rows = self.token_count // (2 if big else 1) // length      # tiles, not tokens, fill batches of large images
            while i + 1 < len(pool) and len(pool[i + 1].ids) <= length:
                i += 1
            while i >= 0 and len(batch) < rows and tiles + len(pool[i].tiles) <= self.tile_count:     # neighbours in length
                batch.append(pool.pop(i))
                tiles += len(batch[-1].tiles)
                i -= 1
            if not tiles:
                continue
            while tiles < self.tile_count * .6 and length > 1300:   # long texts leave tiles unused: see more pages
                more, labels = draw(r, self.assets, self.level.value)
                more, labels = more[:self.tile_count - tiles], labels[:self.tile_count - tiles]
                batch[-1].tiles += more
                batch[-1].labels += labels
                tiles += len(more)
            yield collate(batch, self.tile_count, rows, length)
