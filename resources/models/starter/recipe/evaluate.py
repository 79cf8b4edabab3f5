"""Scores of a checkpoint on the held-out suite: batched greedy decoding with a cache, the metrics of `vl2 eval`.

python evaluate.py ASSETS FOLDER [--each 25] [--json OUT]      (or with torchrun: the items are shared out over the GPUs)
"""
import argparse
import json
import os
import re
import time

import torch
import torch.distributed as dist

import checkpoint
import suite
from assets import Assets
from damage import prepare
from language_data import encode, collate
from model import StarterModel, attend
from raster import edit_distance
from runtime import Process
from tokenizer import Tokenizer

_BOX = re.compile(r'\[(\d+), (\d+), (\d+), (\d+)\]')


@torch.no_grad()
def generate(model, prompts, limit, tile_batch=64):
    """Greedy answers (token ids) to prompts of language_data.encode."""
    device = next(model.parameters()).device
    batch = {name: value.to(device) for name, value in collate(prompts, sum(len(p.tiles) for p in prompts) or 1, len(prompts),
                                                                    max(len(p.ids) for p in prompts)).items()}
    tokens = torch.cat([model.see(prepare(part, damaged=False))[1] for part in batch['tiles'].split(tile_batch)])
    x = model.embed(tokens, batch['ids'], batch['sources'])
    lengths = torch.tensor([len(p.ids) for p in prompts], device=device)
    count, longest, rows = len(prompts), x.shape[1], torch.arange(len(prompts), device=device)
    caches, table = [], model.rotary(torch.arange(longest, device=device).repeat(count))

    def split(part, tokens):
        return part.view(count, tokens, *part.shape[1:]).transpose(1, 2)

    x = x.flatten(0, 1)
    for layer in model.layers:
        q, k, v = (split(part, longest) for part in layer.before(x, *table))
        x = layer.after(x, attend(q, k, v, causal=True).transpose(1, 2).reshape(len(x), -1))
        caches.append([torch.cat((part, part.new_zeros(*part.shape[:2], limit, part.shape[3])), 2) for part in (k, v)])
    x = x.view(count, longest, -1)
    last = model.norm(x[rows, lengths - 1])
    answers, ended = [], torch.zeros(count, dtype=torch.bool, device=device)
    columns = torch.arange(longest + limit, device=device)
    for step in range(limit):
        chosen = model.lm_head(last).argmax(-1)
        answers.append(torch.where(ended, Tokenizer.EOS, chosen))
        ended = ended | (chosen == Tokenizer.EOS)
        if step % 8 == 7 and bool(ended.all()):
            break
        position = lengths + step
        mask = (columns[None] <= position[:, None])[:, None, None]
        x, table = model.embed_tokens(chosen), model.rotary(position)
        for layer, cache in zip(model.layers, caches):
            q, k, v = layer.before(x, *table)
            cache[0][rows, :, position], cache[1][rows, :, position] = k, v
            x = layer.after(x, attend(q[:, :, None], cache[0], cache[1], mask=mask).flatten(1))
        last = model.norm(x)
    return [ids[:ids.index(Tokenizer.EOS)] if Tokenizer.EOS in ids else ids for ids in torch.stack(answers, 1).tolist()]


def overlap(a, b):
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.
    shared = width * height
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def score(item, output):
    """-> numbers by measure, as (value, weight)."""
    if item.metric == 'cer':
        return {'cer': (edit_distance(output, item.answer), len(item.answer))}
    if item.metric == 'exact':
        return {'exact': (float(output.strip().lower() == item.answer.strip().lower()), 1)}
    if item.metric == 'deny':
        return {'deny': (float('<|det|>' not in output and re.search(r'\bno\b', output.lower()) is not None), 1)}
    found, left, matched = [[int(v) for v in box] for box in _BOX.findall(output)], list(item.boxes), 0
    for box in found:
        best = max(left, key=lambda other: overlap(box, other), default=None)
        if best is not None and overlap(box, best) >= .5:
            left.remove(best)
            matched += 1
    return {'recall': (matched, len(item.boxes)), 'precision': (matched, len(found))}


def evaluate(model, tokenizer, assets, each, process, batch=90, say=print, examples=1):
    """-> {category: {'n', measures...}} over all processes."""
    started, everything = time.time(), suite.items(assets, each)
    mine = everything[process.rank::process.world]
    prompts = [encode(tokenizer, assets.class_ids, item.pages,
                      [(item.question if '<image>' in item.question else '<image>\n' * len(item.pages) + item.question, '')],
                      prompt_only=True) for item in mine]
    order = sorted(range(len(mine)), key=lambda i: (mine[i].metric == 'cer', len(prompts[i].ids)))
    results = []
    for start in range(0, len(order), batch):
        part = order[start:start + batch]
        limit = 620 if any(mine[i].metric == 'cer' for i in part) else 90
        for i, ids in zip(part, generate(model, [prompts[i] for i in part], limit)):
            output = tokenizer.decode(ids)
            results.append((mine[i].category, score(mine[i], output), mine[i].question, mine[i].answer, output))
    if process.world > 1:
        gathered = [None] * process.world
        dist.all_gather_object(gathered, results)
        results = [entry for part in gathered for entry in part]
    table, shown = {}, {}
    for category, measures, question, answer, output in results:
        row = table.setdefault(category, {'n': 0})
        row['n'] += 1
        for name, (value, weight) in measures.items():
            total = row.setdefault(name, [0, 0])
            total[0] += value
            total[1] += weight
        if process.rank == 0 and shown.setdefault(category, 0) < examples:
            shown[category] += 1
            say(f'  {category} | {question} | {answer} | -> {output}'.replace('\n', ' / ')[:420])
    for row in table.values():
        for name, total in row.items():
            if name != 'n':
                row[name] = round(total[0] / max(1, total[1]), 4)
    if process.rank == 0:
        say(f'evaluated {len(results)} items in {time.time() - started:.1f} s')
    return table


def load(folder, process):
    config = json.load(open(os.path.join(folder, 'config.json')))
    model = StarterModel(config)
    checkpoint.load_official(model, checkpoint.read_folder(folder))
    model.to(process.device).eval()
    if process.device.type == 'cuda':
        model.to_bfloat16()
    return model, Tokenizer(os.path.join(folder, 'tokenizer.json'))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('assets')
    parser.add_argument('folder')
    parser.add_argument('--each', type=int, default=25)
    parser.add_argument('--examples', type=int, default=1)
    parser.add_argument('--json')
    a = parser.parse_args()
    process = Process()
    model, tokenizer = load(a.folder, process)
    table = evaluate(model, tokenizer, Assets(a.assets, held=True), a.each, process, examples=a.examples)
    for category, row in table.items():
        process.say(f'{category:20}', row)
    if a.json and process.rank == 0:
        json.dump({'categories': table}, open(a.json, 'w'), indent=1)
    os._exit(0)


if __name__ == '__main__':
    main()
