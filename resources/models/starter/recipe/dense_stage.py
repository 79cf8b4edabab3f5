"""Stage 1: teach the vision tower and the projector to see, from labels of every visual token.

python dense_stage.py ASSETS OUT --init DIR --seconds 330        (or: torchrun --nproc_per_node=GPUS dense_stage.py ...)
DIR is a folder in the official layout (its configuration; with --resume also its tower). OUT receives stage.pt.
"""
import argparse
import json
import multiprocessing
import os
import time

import torch

from assets import Assets
from damage import prepare
from dense_data import DenseStream
from dense_heads import DenseHeads
from model import StarterModel, VisionBlock
from optimizer import Optimizer
from runtime import Clock, Feeder, Process, Schedule
import checkpoint


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument('assets')
    parser.add_argument('out')
    parser.add_argument('--init', required=True)
    parser.add_argument('--seconds', type=float, default=330)
    parser.add_argument('--batch', type=int, default=256, help='tiles per GPU and step')
    parser.add_argument('--chunk', type=int, default=64, help='tiles a worker yields at once')
    parser.add_argument('--rate', type=float, default=.02, help='Muon')
    parser.add_argument('--adam', type=float, default=2e-3)
    parser.add_argument('--workers', type=int, default=15, help='per GPU')
    parser.add_argument('--resume', action='store_true', help='start from the tower of --init')
    parser.add_argument('--compile', type=int, default=1)
    parser.add_argument('--steps', type=int, default=0, help='stop after so many (tests)')
    parser.add_argument('--seed', type=int, default=1)
    return parser.parse_args()


def next_batch(feeder, chunks):
    parts = [feeder.next() for _ in range(chunks)]
    return parts[0] if chunks == 1 else {name: torch.cat([part[name] for part in parts]) for name in parts[0]}


@torch.no_grad()
def evaluate(model, heads, assets, count, device):
    """Measures on fonts, backgrounds and texts that training never saw."""
    level = multiprocessing.Value('d', 1.)
    results = []
    for i, batch in enumerate(DenseStream(assets, 64, 99, level)):
        if i == count:
            break
        batch = {name: value.to(device) for name, value in batch.items()}
        results.append(heads.losses(*model.see(prepare(batch['tiles'], damaged=False)), batch)[1])
    return [round(float(v), 4) for v in torch.stack(results).mean(0)]


def main():
    a, began = arguments(), time.time()
    process = Process()
    torch.manual_seed(a.seed)
    config = json.load(open(os.path.join(a.init, 'config.json')))
    assets = Assets(a.assets)
    if a.workers > 1:
        assets.prebuild(a.workers)
    level = multiprocessing.Value('d', .3)
    feeder = Feeder(DenseStream(assets, a.chunk, a.seed * 100 + process.rank, level), a.workers, process.device,
                    keep=12 * a.batch // a.chunk, ahead=3 * a.batch // a.chunk)
    model = StarterModel(config)
    if a.resume:
        tensors = checkpoint.read_folder(a.init)
        checkpoint.load_official(model, tensors, 'vision.')
        checkpoint.load_official(model, tensors, 'projector.')
    heads = DenseHeads(config['vision_config']['width'], config['projector_config']['n_embed'], assets.class_count)
    model.to(process.device)
    heads.to(process.device)
    if process.device.type == 'cuda':
        model.to_bfloat16()
        heads.to(torch.bfloat16)
    named = [(n, p) for n, p in model.named_parameters() if n.startswith(('vision.', 'projector.'))] + \
            [('head.' + n, p) for n, p in heads.named_parameters()]
    optimizer = Optimizer(named)
    if a.compile:
        VisionBlock.forward = torch.compile(VisionBlock.forward, dynamic=False)
    schedule, clock, step, chunks = Schedule(), Clock(a.seconds, 0, 1), 0, a.batch // a.chunk
    progress, total, since = 0., torch.zeros(7, device=process.device), 0
    process.say('set up', round(time.time() - began, 1))
    while progress < 1 and (not a.steps or step < a.steps):
        batch = next_batch(feeder, chunks)
        loss, measures = heads.losses(*model.see(prepare(batch['tiles'])), batch)
        loss.backward()
        factor = schedule(progress, step)
        optimizer.step(a.rate * factor, a.adam * factor)
        total += measures
        since += 1
        step += 1
        if step == 3:
            if process.device.type == 'cuda':
                torch.cuda.synchronize()
            process.say('third step after', round(time.time() - began, 1))
            clock.begin()
        if step % 10 == 0:
            progress = process.agree(clock.progress())
            level.value = min(1., .3 + 1.4 * progress)
        if step % 100 == 0 or step in (3, 10, 30):
            values = (total / since).tolist()
            seconds = clock.elapsed() + 1e-9
            process.say(f'{seconds:.0f}s step {step} {(step - 3) * a.batch * process.world / seconds:.0f} tiles/s reused '
                        f'{feeder.reused / (feeder.fresh + feeder.reused):.2f} patch {values[0]:.3f} token {values[1]:.3f} class {values[2]:.3f} '
                        f'box {values[3]:.4f} right: patch {values[4]:.3f} token {values[5]:.3f} class {values[6]:.3f}')
            if not all(v == v for v in values):
                raise SystemExit('diverged')
            total.zero_()
            since = 0
    if process.rank == 0:
        os.makedirs(a.out, exist_ok=True)
        state = {'model': {n: v.cpu() for n, v in model.state_dict().items() if n.startswith(('vision.', 'projector.'))},
                 'heads': {n: v.cpu() for n, v in heads.state_dict().items()}}
        torch.save(state, os.path.join(a.out, 'stage.pt'))
        names = ['patch loss', 'token loss', 'class loss', 'box loss', 'patch right', 'token right', 'class right']
        process.say('steps', step, 'held-out', dict(zip(names, evaluate(model, heads, Assets(a.assets, held=True), 2 if a.steps else 8,
                                                                          process.device))))
        process.say('done after', round(time.time() - began, 1))
    os._exit(0)


if __name__ == '__main__':
    main()
