"""Muon for the matrices inside the network, AdamW for everything else; float32 masters, gradients averaged over the GPUs."""
import torch
import torch.distributed as dist

_NOT_MATRICES = ('embed', 'lm_head', 'pos_embed', 'gate', 'bias', 'head.')


def orthogonalise(g, steps=5):
    """Newton-Schulz iteration toward the nearest orthogonal matrices of a batch [n, rows, columns]."""
    x = g.to(torch.bfloat16) if g.is_cuda else g.clone()
    tall = x.shape[1] > x.shape[2]
    if tall:
        x = x.transpose(1, 2)
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        a = x @ x.transpose(1, 2)
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
    return x.transpose(1, 2) if tall else x


def _copy(targets, sources):
    if hasattr(torch, '_foreach_copy_'):
        torch._foreach_copy_(targets, sources)
    else:
        for target, source in zip(targets, sources):
            target.copy_(source)


class Optimizer:
    """named: (name, parameter) pairs. Every expert and each of q, k, v counts as a matrix of its own; `slow` gives a factor on the
    rate of the matrices whose name starts so."""

    def __init__(self, named, expert_inner=192, weight_decay=.02, adam_decay=.0, slow=('', 1.)):
        self.weight_decay, self.adam_decay, self.step_count = weight_decay, adam_decay, 0
        self.distributed = dist.is_available() and dist.is_initialized()
        self.groups, self.rest = {}, []
        for name, parameter in named:
            last = name.rsplit('.', 1)[-1]
            if parameter.dim() != 2 or (any(word in name for word in _NOT_MATRICES) and 'gate_proj' not in name and not last.startswith('expert')):
                self.rest.append(parameter)
                continue
            if 'qkv' in name:
                cut = 3, 0
            elif last in ('expert_gate', 'expert_up'):
                cut = parameter.shape[0] // expert_inner, 0
            elif last == 'expert_down':
                cut = parameter.shape[1] // expert_inner, 1
            else:
                cut = 1, 0
            shape = parameter.data.chunk(*cut)[0].shape
            factor = slow[1] if name.startswith(slow[0]) else 1.
            self.groups.setdefault((tuple(shape), factor), []).append((parameter, cut))
        self.matrices = []
        for (_, factor), members in self.groups.items():
            master = torch.stack([part.float() for p, cut in members for part in p.data.chunk(*cut)])
            self.matrices.append([members, master, torch.zeros_like(master), factor])
        self.flat = torch.cat([p.data.float().reshape(-1) for p in self.rest])
        self.decay = torch.cat([torch.full((p.numel(),), float(p.dim() >= 2)) for p in self.rest]).to(self.flat.device)
        self.first, self.second = torch.zeros_like(self.flat), torch.zeros_like(self.flat)

    def _average(self, tensor):
        if self.distributed:
            dist.all_reduce(tensor)
            tensor /= dist.get_world_size()
        return tensor

    @torch.no_grad()
    def step(self, matrix_rate, adam_rate, momentum=.95):
        self.step_count += 1
        for members, master, buffer, factor in self.matrices:
            rate = matrix_rate * factor
            grads = torch.stack([part for p, cut in members
                                 for part in (p.grad if p.grad is not None else torch.zeros_like(p)).chunk(*cut)])
            grads = self._average(grads).float()
            buffer.lerp_(grads, 1 - momentum)
            update = orthogonalise(grads.lerp(buffer, momentum))
            scale = max(1, master.shape[1] / master.shape[2]) ** .5
            master.mul_(1 - rate * self.weight_decay).add_(update.to(master.dtype), alpha=-rate * scale)
            _copy([part for p, cut in members for part in p.data.chunk(*cut)], list(master.unbind(0)))
        grads = torch.cat([(p.grad if p.grad is not None else torch.zeros_like(p)).reshape(-1).float() for p in self.rest])
        grads = self._average(grads)
        norm = grads.norm()
        grads *= (1 / (norm + 1e-6)).clamp(max=1.)
        self.first.lerp_(grads, .1)
        self.second.lerp_(grads * grads, .02)
        first = self.first / (1 - .9 ** self.step_count)
        second = self.second / (1 - .98 ** self.step_count)
        self.flat.mul_(1 - adam_rate * self.adam_decay * self.decay).addcdiv_(first, second.sqrt() + 1e-8, value=-adam_rate)
        offset = 0
        for p in self.rest:
            p.data.copy_(self.flat[offset:offset + p.numel()].view_as(p))
            offset += p.numel()
            p.grad = None
        for members, _, _, _ in self.matrices:
            for p, _ in members:
                p.grad = None
        return norm

    def state(self):
        return {'matrices': [(master, buffer) for _, master, buffer, _ in self.matrices], 'flat': (self.flat, self.first, self.second),
                'steps': self.step_count}

    def load(self, state):
        for entry, (master, buffer) in zip(self.matrices, state['matrices']):
            entry[1].copy_(master)
            entry[2].copy_(buffer)
        for mine, saved in zip((self.flat, self.first, self.second), state['flat']):
            mine.copy_(saved)
        self.step_count = state['steps']
