"""Stage 2: the language model learns to use what the tower sees; all parts train together, the dense labels stay as a second aim.

python language_stage.py ASSETS OUT --init DIR --dense DENSE/stage.pt --seconds 900     (or with torchrun, one process per GPU)
DIR: a folder in the official layout to start from (BF16, F16 or F32; also one written back from a quantised file). With --fresh only
its configuration and tokenizer are used. OUT receives the model in the official layout and dense-heads.pt, which --dense accepts to go on.
A run may be cut: --begin and --stop say which part of the whole schedule this call covers, --state keeps everything between calls.
"""
import argparse
import json
import multiprocessing
import os
import time

import torch
import torch.nn.functional as F

import checkpoint
from assets import Assets
from damage import prepare
from dense_heads import DenseHeads
from language_data import IGNORED, ConversationStream
from model import Layer, StarterModel, VisionBlock
from optimizer import Optimizer
from runtime import Clock, Feeder, Process, Schedule
from tokenizer import Tokenizer


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument('assets')
    parser.add_argument('out')
    parser.add_argument('--init', required=True)
    parser.add_argument('--fresh', action='store_true')
    parser.add_argument('--dense', help='stage.pt of the dense stage (tower, projector, heads) or dense-heads.pt of an earlier run')
    parser.add_argument('--state', help='file that keeps weights and optimizer between calls')
    parser.add_argument('--seconds', type=float, default=900)
    parser.add_argument('--deadline', type=float, default=1e9, help='seconds of the whole call, set-up and compilation included')
    parser.add_argument('--begin', type=float, default=0.)
    parser.add_argument('--stop', type=float, default=1.)
    parser.add_argument('--tiles', type=int, default=128, help='per GPU and step')
    parser.add_argument('--tokens', type=int, default=76800, help='per GPU and step; every length in LENGTHS divides it')
    parser.add_argument('--rate', type=float, default=.01, help='Muon')
    parser.add_argument('--adam', type=float, default=1e-3)
    parser.add_argument('--tower-rate', type=float, default=.5, help="factor on the rate of the tower's matrices")
    parser.add_argument('--dense-weight', type=float, default=.3)
    parser.add_argument('--level', type=float, default=.1, help='text density at the start of the schedule')
    parser.add_argument('--big', type=float, default=.2, help='share of batches with images of several tiles')
    parser.add_argument('--big-from', type=float, default=.35, help='progress at which these join')
    parser.add_argument('--workers', type=int, default=15)
    parser.add_argument('--compile', type=int, default=1)
    parser.add_argument('--fall', type=float, default=.5, help='progress at which the rate begins to fall')
    parser.add_argument('--steps', type=int, default=0)
    parser.add_argument('--pool', type=int, default=300)
    parser.add_argument('--seed', type=int, default=1)
    return parser.parse_args()


def curriculum(a, progress, level, big):
    level.value = min(1., a.level + 1.7 * progress)
    big.value = 0. if progress < a.big_from else a.big


def main():
    a, began = arguments(), time.time()
    process = Process()
    torch.manual_seed(a.seed)
    config = json.load(open(os.path.join(a.init, 'config.json')))
    assets, tokenizer = Assets(a.assets), Tokenizer(os.path.join(a.init, 'tokenizer.json'))
    if a.workers > 1:
        assets.prebuild(a.workers)
    level, big = multiprocessing.Value('d', a.level), multiprocessing.Value('d', 0.)
    curriculum(a, a.begin, level, big)
    seed = a.seed * 100 + process.rank + int(a.begin * 1e6)
    feeder = Feeder(ConversationStream(assets, tokenizer, a.tiles, a.tokens, seed, level, big, a.pool), a.workers, process.device)
    model = StarterModel(config)
    heads = DenseHeads(config['vision_config']['width'], config['projector_config']['n_embed'], assets.class_count)
    saved = torch.load(a.state, map_location='cpu', weights_only=False) if a.state and os.path.exists(a.state) else None
    if saved:
        model.load_state_dict(saved['model'])
        heads.load_state_dict(saved['heads'])
    else:
        if not a.fresh:
            checkpoint.load_official(model, checkpoint.read_folder(a.init))
        if a.dense:
            dense = torch.load(a.dense, map_location='cpu', weights_only=False)
            model.load_state_dict(dense['model'], strict=False)
            heads.load_state_dict(dense['heads'])
    model.to(process.device)
    heads.to(process.device)
    if process.device.type == 'cuda':
        model.to_bfloat16()
        heads.to(torch.bfloat16)
    optimizer = Optimizer(list(model.named_parameters()) + [('head.' + n, p) for n, p in heads.named_parameters()],
                          config['language_config']['moe_intermediate_size'], slow=('vision.', a.tower_rate))
    if saved:
        optimizer.load(saved['optimizer'])
    if a.compile:
        VisionBlock.forward = torch.compile(VisionBlock.forward, dynamic=False)
        Layer.before = torch.compile(Layer.before, dynamic=False)
        Layer.after = torch.compile(Layer.after, dynamic=False)
    schedule, clock, step, progress = Schedule(warm=1 if saved else 100, fall=a.fall), Clock(a.seconds, a.begin, a.stop), 0, a.begin
    saves = [.4, .7, .9]
    totals, since, conversations = torch.zeros(10, device=process.device), 0, 0
    process.say('set up', round(time.time() - began, 1))
    while progress < a.stop and (not a.steps or step < a.steps):
        batch = feeder.next()
        patches, tokens = model.see(prepare(batch['tiles'], share=.2))
        hidden = model.hidden(model.embed(tokens, batch['ids'], batch['sources']))
        logits = model.lm_head(hidden[batch['places']]).float()
        each = F.cross_entropy(logits, batch['targets'], ignore_index=IGNORED, reduction='none')
        loss = (each * batch['weights']).sum() / batch['weights'].sum()
        dense, measures = heads.losses(patches, tokens, batch)
        (loss + a.dense_weight * dense).backward()
        factor = schedule(progress, step)
        optimizer.step(a.rate * factor, a.adam * factor)
        if step % 4 == 0:
            model.rebalance(1e-3 if progress < .8 else 1e-4)
        with torch.no_grad():
            right = ((logits.argmax(-1) == batch['targets']).sum() / (batch['targets'] != IGNORED).sum())[None]
            totals += torch.cat((loss.detach()[None], right, measures, torch.zeros(1, device=process.device)))
        since += 1
        step += 1
        conversations += len(batch['ids'])
        if step == 3:
            if process.device.type == 'cuda':
                torch.cuda.synchronize()
            process.say('third step after', round(time.time() - began, 1))
            clock.seconds = process.agree(min(a.seconds, a.deadline - (time.time() - began)))
            clock.begin()
            conversations = 0
        if step % 10 == 0:
            progress = process.agree(clock.progress())
            curriculum(a, progress, level, big)
            if process.rank == 0 and saves and progress >= saves[0]:     # should the run break off
                saves = [share for share in saves if share > progress]
                checkpoint.write_folder(checkpoint.to_official(model), a.init, a.out)
        if step % 100 == 0 or step in (3, 10, 30):
            v, seconds = (totals / since).tolist(), clock.elapsed() + 1e-9
            memory = torch.cuda.max_memory_allocated() / 2 ** 30 if process.device.type == 'cuda' else 0
            process.say(f'{seconds:.0f}s step {step} progress {progress:.3f} {conversations * process.world / seconds:.0f} conversations/s reused '
                        f'{feeder.reused / (feeder.fresh + feeder.reused):.2f} loss {v[0]:.3f} right {v[1]:.3f} | patch {v[6]:.3f} token {v[7]:.3f} '
                        f'class {v[8]:.3f} box {v[5]:.4f} | level {level.value:.2f} {memory:.0f} GiB')
            if not all(x == x for x in v):
                raise SystemExit('diverged')
            totals.zero_()
            since = 0
    if process.rank == 0:
        os.makedirs(a.out, exist_ok=True)
        if a.state:
            torch.save({'model': {n: v.cpu() for n, v in model.state_dict().items()}, 'heads': {n: v.cpu() for n, v in heads.state_dict().items()},
                        'optimizer': optimizer.state()}, a.state)
        checkpoint.write_folder(checkpoint.to_official(model), a.init, a.out)
        torch.save({'model': {}, 'heads': {n: v.cpu() for n, v in heads.state_dict().items()}}, os.path.join(a.out, 'dense-heads.pt'))
        process.say('steps', step, 'done after', round(time.time() - began, 1))
    if process.world > 1:
        torch.distributed.barrier()
    os._exit(0)


if __name__ == '__main__':
    main()
