"""What cameras, scanners and compression do to a picture, applied on the GPU: blur, noise, contrast, JPEG-like blocks."""
import torch
import torch.nn.functional as F

_LUMA = torch.tensor([16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
                      18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112,
                      100, 103, 99], dtype=torch.float32).view(8, 8)
_COLOUR = torch.tensor([[.299, .587, .114], [-.168736, -.331264, .5], [.5, -.418688, -.081312]])


def _cosines(device):
    n = torch.arange(8, device=device, dtype=torch.float32)
    table = torch.cos((2 * n[None] + 1) * n[:, None] * torch.pi / 16) * .5
    table[0] *= .5 ** .5
    return table


def blur(x, sigma):
    """x [n, 3, h, w]; sigma [n]: a separable five-tap Gaussian of its own for each image."""
    taps = torch.arange(-2, 3, device=x.device, dtype=torch.float32)
    kernel = torch.exp(-taps ** 2 / (2 * sigma[:, None] ** 2))
    kernel = (kernel / kernel.sum(1, keepdim=True)).repeat_interleave(3, 0).to(x.dtype)
    n, c, h, w = x.shape
    flat = x.reshape(1, n * c, h, w)
    flat = F.conv2d(F.pad(flat, (2, 2, 0, 0), mode='replicate'), kernel[:, None, None, :], groups=n * c)
    flat = F.conv2d(F.pad(flat, (0, 0, 2, 2), mode='replicate'), kernel[:, None, :, None], groups=n * c)
    return flat.view(n, c, h, w)


def jpeg(x, strength):
    """x [n, 3, h, w] in 0..255; strength [n]: factor on the standard quantisation table (1 = quality 50)."""
    n, _, h, w = x.shape
    dct, colour = _cosines(x.device), _COLOUR.to(x.device)
    y = torch.einsum('dc,nchw->ndhw', colour, x - 128 * torch.tensor([1., 1., 1.], device=x.device).view(1, 3, 1, 1))
    blocks = y.view(n, 3, h // 8, 8, w // 8, 8).permute(0, 1, 2, 4, 3, 5)
    frequency = dct @ blocks @ dct.T
    table = (_LUMA.to(x.device)[None, None] * strength.view(n, 1, 1, 1) * torch.tensor([1., 1.6, 1.6], device=x.device).view(1, 3, 1, 1)) \
        .clamp(min=1)[:, :, None, None]
    frequency = (frequency / table).round() * table
    y = (dct.T @ frequency @ dct).permute(0, 1, 2, 4, 3, 5).reshape(n, 3, h, w)
    return torch.einsum('dc,nchw->ndhw', torch.linalg.inv(colour), y) + 128


@torch.no_grad()
def prepare(tiles, damaged=True, share=.25):
    """uint8 tiles -> network input in -1..1. Each kind of damage meets about `share` of the tiles, chosen independently."""
    x = tiles.float()
    n, device = len(x), tiles.device
    if damaged:
        count = max(1, int(n * share))

        def chosen():
            return torch.randperm(n, device=device)[:count]

        def uniform(low, high):
            return torch.rand(count, device=device) * (high - low) + low

        i = chosen()
        x[i] = blur(x[i], uniform(.25, .9))
        i = chosen()
        x[i] += torch.randn(count, 1, *x.shape[2:], device=device) * uniform(2, 13).view(-1, 1, 1, 1)
        i = chosen()
        x[i] = jpeg(x[i].clamp(0, 255), torch.exp(uniform(-1.8, .35)))
        i = chosen()
        x[i] = (x[i] - 127.5) * uniform(.7, 1.2).view(-1, 1, 1, 1) + 127.5 + uniform(-18, 18).view(-1, 1, 1, 1)
        x = x.clamp(0, 255)
    x = x / 127.5 - 1
    return x.to(torch.bfloat16) if tiles.is_cuda else x
