"""What both training stages share: processes, feeding the GPU without waiting, schedules, stopping."""
import os
import queue
import random
import threading
import time

import torch
import torch.distributed as dist


class Process:
    """This process among those of the run (one per GPU; started by torchrun, or alone)."""

    def __init__(self):
        self.rank, self.world = int(os.environ.get('RANK', 0)), int(os.environ.get('WORLD_SIZE', 1))
        self.device = torch.device('cpu')
        if torch.cuda.is_available():
            self.device = torch.device('cuda', int(os.environ.get('LOCAL_RANK', 0)))
            torch.cuda.set_device(self.device)
            torch.backends.cuda.matmul.allow_tf32 = True
        if self.world > 1 and not dist.is_initialized():
            dist.init_process_group('nccl' if torch.cuda.is_available() else 'gloo')

    def say(self, *words):
        if self.rank == 0:
            print(*words, flush=True)

    def agree(self, value):
        """Rank 0's number, on all ranks."""
        if self.world == 1:
            return value
        shared = torch.tensor([float(value)], device=self.device)
        dist.broadcast(shared, 0)
        return float(shared)


class Feeder:
    """Batches on the GPU, copied ahead by a thread. When the generator is behind, a recent batch is used again."""

    def __init__(self, stream, workers, device, reuse=True, keep=12, ahead=3):
        loader = torch.utils.data.DataLoader(stream, batch_size=None, num_workers=workers, pin_memory=device.type == 'cuda',
                                             **({'prefetch_factor': 3} if workers else {}))
        self.device, self.reuse, self.recent, self.keep = device, reuse, [], keep
        self.queue, self.random = queue.Queue(ahead), random.Random(0)
        self.fresh = self.reused = 0
        self.copies = torch.cuda.Stream() if device.type == 'cuda' else None
        threading.Thread(target=self._run, args=(iter(loader),), daemon=True).start()

    def _run(self, batches):
        if self.copies:
            torch.cuda.set_device(self.device)
        for batch in batches:
            if self.copies is None:
                self.queue.put((batch, None))
                continue
            with torch.cuda.stream(self.copies):
                batch = {name: value.to(self.device, non_blocking=True) for name, value in batch.items()}
                done = torch.cuda.Event()
                done.record()
            self.queue.put((batch, done))

    def next(self):
        try:
            batch, done = self.queue.get(block=not (self.reuse and len(self.recent) >= self.keep // 2))
        except queue.Empty:
            self.reused += 1
            return self.random.choice(self.recent)
        if done is not None:
            torch.cuda.current_stream().wait_event(done)
            for value in batch.values():
                value.record_stream(torch.cuda.current_stream())
        self.fresh += 1
        if self.reuse:
            self.recent = (self.recent + [batch])[-self.keep:]
        return batch


class Schedule:
    """Learning-rate factor by progress 0..1: warm-up in steps, level until `fall`, then linear to `last`."""

    def __init__(self, warm=150, fall=.5, last=.02):
        self.warm, self.fall, self.last = warm, fall, last

    def __call__(self, progress, step):
        down = 1. if progress < self.fall else max(self.last, (1 - progress) / (1 - self.fall))
        return min(1., (step + 1) / self.warm) * down


class Clock:
    """Progress of a run that may be cut into several calls: covers `start`..`stop` of 0..1 in `seconds`."""

    def __init__(self, seconds, start, stop):
        self.seconds, self.start, self.stop, self.began = seconds, start, stop, None

    def progress(self):
        if self.began is None:
            return self.start
        return self.start + (self.stop - self.start) * (time.time() - self.began) / self.seconds

    def begin(self):
        self.began = time.time()

    def elapsed(self):
        return time.time() - self.began if self.began else 0.
