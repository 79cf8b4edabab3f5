"""The DeepSeek-VL2 architecture in PyTorch, small: vision tower, projector, language model with MLA and routed experts.

Weights are kept in bfloat16 on a GPU (float32 masters live in the optimizer). `checkpoint.py` maps the names to the official layout.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def attend(q, k, v, causal=False, mask=None):
    """Attention [batch, heads, tokens, size]; the fused kernel where this PyTorch has it."""
    if hasattr(F, 'scaled_dot_product_attention'):
        return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal)
    scores = (q @ k.transpose(-1, -2)).float() * q.shape[-1] ** -.5
    if causal:
        mask = torch.ones(scores.shape[-2:], dtype=torch.bool, device=q.device).tril()
    if mask is not None:
        scores = scores.masked_fill(~mask, float('-inf'))
    return scores.softmax(-1).to(v.dtype) @ v


class RmsNorm(nn.Module):
    def __init__(self, size, eps=1e-6):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(size)), eps

    def forward(self, x):
        y = x.float()
        return (y * torch.rsqrt(y.pow(2).mean(-1, keepdim=True) + self.eps)).to(x.dtype) * self.weight


class VisionAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.qkv, self.proj = heads, nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        q, k, v = self.qkv(x).view(batch, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        return self.proj(attend(q, k, v).transpose(1, 2).reshape(batch, tokens, width))


class VisionMlp(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x), approximate='tanh'))


class VisionBlock(nn.Module):
    def __init__(self, width, heads, ratio):
        super().__init__()
        self.norm1, self.attn = nn.LayerNorm(width, eps=1e-6), VisionAttention(width, heads)
        self.norm2, self.mlp = nn.LayerNorm(width, eps=1e-6), VisionMlp(width, int(width * ratio))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self, width, patch):
        super().__init__()
        self.proj = nn.Conv2d(3, width, patch, patch)


def sine_cosine(width, grid):
    """A 2-D sine-cosine table: neighbourhood is known from the first step."""
    omega = 1 / 10000 ** (torch.arange(width // 4).float() / (width // 4))
    y, x = torch.meshgrid(torch.arange(grid).float(), torch.arange(grid).float(), indexing='ij')

    def wave(v):
        return torch.cat(((v.reshape(-1, 1) * omega).sin(), (v.reshape(-1, 1) * omega).cos()), 1)
    return torch.cat((wave(y), wave(x)), 1)[None]


class VisionTower(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, self.patch = config['width'], config['patch_size']
        self.grid = config['image_size'] // self.patch
        self.patch_embed = PatchEmbed(width, self.patch)
        self.pos_embed = nn.Parameter(.5 * sine_cosine(width, self.grid))
        self.blocks = nn.ModuleList(VisionBlock(width, config['heads'], config['mlp_ratio']) for _ in range(config['layers']))
        self.norm = nn.LayerNorm(width, eps=1e-6)

    def forward(self, pixels):
        """pixels [tiles, 3, 384, 384] in -1..1 -> [tiles, 729, width]. The 14x14/14 convolution is one matrix product."""
        g, p, projection = self.grid, self.patch, self.patch_embed.proj
        x = pixels[:, :, :g * p, :g * p].reshape(-1, 3, g, p, g, p).permute(0, 2, 4, 1, 3, 5).reshape(-1, g * g, 3 * p * p)
        x = F.linear(x, projection.weight.flatten(1), projection.bias) + self.pos_embed
        for block in self.blocks:
            x = block(x)
        return self.norm(x)


class Projector(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config['n_embed']
        self.layers = nn.Sequential(nn.Linear(config['input_dim'] * 4, width), nn.GELU(), nn.Linear(width, width))

    def forward(self, x):
        batch, tokens, width = x.shape
        g = math.isqrt(tokens)
        x = F.pad(x.view(batch, g, g, width), (0, 0, 0, 1, 0, 1))
        g = (g + 1) // 2
        return self.layers(x.view(batch, g, 2, g, 2, width).permute(0, 1, 3, 5, 2, 4).reshape(batch, g * g, width * 4))


def rotary_table(positions, size, theta):
    """Cosines and sines [N, 1, size] for flat positions [N]."""
    angle = positions.float()[:, None] / theta ** (torch.arange(0, size, 2, device=positions.device).float() / size)
    angle = torch.cat((angle, angle), -1)[:, None]
    return angle.cos(), angle.sin()


def rotate(x, cosine, sine):
    """Rotary embedding on interleaved pairs, emitted as halves like the official MLA code. x [N, heads, size]."""
    half = x.shape[-1] // 2
    x = torch.cat((x[..., 0::2], x[..., 1::2]), -1)
    return x * cosine.to(x.dtype) + torch.cat((-x[..., half:], x[..., :half]), -1) * sine.to(x.dtype)


class LatentAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        hidden, self.heads = config['hidden_size'], config['num_attention_heads']
        self.nope, self.rope, self.value = config['qk_nope_head_dim'], config['qk_rope_head_dim'], config['v_head_dim']
        self.latent, self.theta = config['kv_lora_rank'], config['rope_theta']
        self.q_proj = nn.Linear(hidden, self.heads * (self.nope + self.rope), bias=False)
        self.kv_a_proj_with_mqa = nn.Linear(hidden, self.latent + self.rope, bias=False)
        self.kv_a_layernorm = RmsNorm(self.latent)
        self.kv_b_proj = nn.Linear(self.latent, self.heads * (self.nope + self.value), bias=False)
        self.o_proj = nn.Linear(self.heads * self.value, hidden, bias=False)

    def project(self, x, cosine, sine):
        """Flat tokens [N, hidden] -> queries, keys and values [N, heads, size], rotated."""
        q_nope, q_rope = self.q_proj(x).view(len(x), self.heads, -1).split([self.nope, self.rope], -1)
        latent, k_rope = self.kv_a_proj_with_mqa(x).split([self.latent, self.rope], -1)
        k_nope, v = self.kv_b_proj(self.kv_a_layernorm(latent)).view(len(x), self.heads, -1).split([self.nope, self.value], -1)
        k_rope = rotate(k_rope[:, None], cosine, sine).expand(-1, self.heads, -1)
        return torch.cat((q_nope, rotate(q_rope, cosine, sine)), -1), torch.cat((k_nope, k_rope), -1), v


class Mlp(nn.Module):
    def __init__(self, hidden, inner):
        super().__init__()
        self.gate_proj, self.up_proj = nn.Linear(hidden, inner, bias=False), nn.Linear(hidden, inner, bias=False)
        self.down_proj = nn.Linear(inner, hidden, bias=False)

    def forward(self, x):
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Experts(nn.Module):
    """Routed experts, all computed and masked (simple and fast at this size); sigmoid gate with a bias that balances the choice."""

    def __init__(self, config):
        super().__init__()
        hidden, self.inner, self.count = config['hidden_size'], config['moe_intermediate_size'], config['n_routed_experts']
        self.chosen, self.scale = config['num_experts_per_tok'], config['routed_scaling_factor']
        self.gate = nn.Parameter(torch.randn(self.count, hidden) * hidden ** -.5)
        self.register_buffer('balance', torch.zeros(self.count))
        self.register_buffer('load', torch.zeros(self.count))
        self.expert_gate = nn.Parameter(torch.randn(self.count * self.inner, hidden) * .02)
        self.expert_up = nn.Parameter(torch.randn(self.count * self.inner, hidden) * .02)
        self.expert_down = nn.Parameter(torch.randn(hidden, self.count * self.inner) * .005)
        self.shared_experts = Mlp(hidden, self.inner * config['n_shared_experts'])

    def forward(self, x):
        scores = torch.sigmoid(F.linear(x.float(), self.gate.float()))
        chosen = (scores.detach() + self.balance).topk(self.chosen, -1).indices
        mask = torch.zeros_like(scores).scatter_(-1, chosen, 1.)
        if self.training:
            self.load += mask.detach().sum(0)
        weights = scores * mask
        weights = weights / (weights.sum(-1, keepdim=True) + 1e-20) * self.scale
        inner = F.silu(F.linear(x, self.expert_gate)) * F.linear(x, self.expert_up)
        inner = (inner.unflatten(-1, (self.count, self.inner)) * weights.to(x.dtype)[..., None]).flatten(-2)
        return F.linear(inner, self.expert_down) + self.shared_experts(x)


class Layer(nn.Module):
    def __init__(self, config, index):
        super().__init__()
        hidden = config['hidden_size']
        self.input_layernorm, self.self_attn = RmsNorm(hidden), LatentAttention(config)
        self.post_attention_layernorm = RmsNorm(hidden)
        self.mlp = Mlp(hidden, config['intermediate_size']) if index < config['first_k_dense_replace'] else Experts(config)

    # The work on single tokens is in two functions of one flat shape, so that they can be compiled once for all batches.
    def before(self, x, cosine, sine):
        return self.self_attn.project(self.input_layernorm(x), cosine, sine)

    def after(self, x, mixed):
        x = x + self.self_attn.o_proj(mixed)
        return x + self.mlp(self.post_attention_layernorm(x))


class StarterModel(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config, language = config, config['language_config']
        hidden = language['hidden_size']
        self.vision, self.projector = VisionTower(config['vision_config']), Projector(config['projector_config'])
        self.image_newline = nn.Parameter(torch.randn(hidden) * hidden ** -.5)
        self.view_seperator = nn.Parameter(torch.randn(hidden) * hidden ** -.5)
        self.embed_tokens = nn.Embedding(language['vocab_size'], hidden)
        self.layers = nn.ModuleList(Layer(language, i) for i in range(language['num_hidden_layers']))
        self.norm = RmsNorm(hidden)
        self.lm_head = nn.Linear(hidden, language['vocab_size'], bias=False)
        self.initialise()

    def initialise(self):
        for name, parameter in self.named_parameters():
            if name.endswith(('qkv.weight', 'fc1.weight', 'layers.0.weight', 'layers.2.weight', 'q_proj.weight', 'mqa.weight', 'kv_b_proj.weight',
                              'gate_proj.weight', 'up_proj.weight', 'embed_tokens.weight', 'lm_head.weight')):
                nn.init.normal_(parameter, std=.02)
            elif name.endswith(('o_proj.weight', 'down_proj.weight', 'fc2.weight', 'attn.proj.weight')):
                nn.init.normal_(parameter, std=.005)
            elif name.endswith('.bias'):
                nn.init.zeros_(parameter)

    def to_bfloat16(self):
        """bfloat16 weights, except the router."""
        self.to(torch.bfloat16)
        for layer in self.layers:
            if isinstance(layer.mlp, Experts):
                layer.mlp.gate.data = layer.mlp.gate.data.float()
                layer.mlp.balance, layer.mlp.load = layer.mlp.balance.float(), layer.mlp.load.float()
        return self

    def see(self, pixels):
        """-> tower output [tiles, 729, width] and visual tokens [tiles, 196, hidden]."""
        patches = self.vision(pixels)
        return patches, self.projector(patches)

    def embed(self, tokens, ids, sources):
        """ids [B, T]; sources [B, T]: -1 text, 0 newline, 1 separator, 2 + n visual token n of the flattened tiles."""
        table = torch.cat((self.image_newline[None], self.view_seperator[None], tokens.reshape(-1, tokens.shape[-1])))
        visual = F.embedding(sources.clamp(min=0), table)
        return torch.where((sources >= 0)[..., None], visual, self.embed_tokens(ids))

    def hidden(self, x):
        """Embeddings [B, T, hidden] -> the last hidden states, flat [B * T, hidden]."""
        batch, tokens, _ = x.shape
        cosine, sine = self.rotary(torch.arange(tokens, device=x.device).repeat(batch))
        x = x.flatten(0, 1)
        for layer in self.layers:
            q, k, v = (part.view(batch, tokens, *part.shape[1:]).transpose(1, 2) for part in layer.before(x, cosine, sine))
            x = layer.after(x, attend(q, k, v, causal=True).transpose(1, 2).reshape(len(x), -1))
        return self.norm(x)

    def rotary(self, positions):
        language = self.config['language_config']
        return rotary_table(positions, language['qk_rope_head_dim'], language['rope_theta'])

    @torch.no_grad()
    def rebalance(self, step):
        """Moves the routers' selection bias toward an even load."""
        for layer in self.layers:
            if isinstance(layer.mlp, Experts):
                load = layer.mlp.load
                if torch.distributed.is_available() and torch.distributed.is_initialized():
                    torch.distributed.all_reduce(load)
                layer.mlp.balance += step * torch.sign(load.mean() - load)
                load.zero_()
