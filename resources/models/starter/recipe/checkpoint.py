"""Official DeepSeek-VL2 folders: safetensors files, index, and the mapping between official names and model.py's."""
import json
import os
import shutil

import numpy as np
import torch

_TYPES = {'BF16': torch.bfloat16, 'F16': torch.float16, 'F32': torch.float32, 'I8': torch.int8, 'U8': torch.uint8}
_NAMES = {torch.bfloat16: 'BF16', torch.float16: 'F16', torch.float32: 'F32'}
_EXPERTS = {'expert_gate': 'gate_proj', 'expert_up': 'up_proj', 'expert_down': 'down_proj'}
SIDE_FILES = ('config.json', 'processor_config.json', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json')


def read_safetensors(path):
    with open(path, 'rb') as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), 'little')))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name == '__metadata__':
            continue
        start, stop = entry['data_offsets']
        tensors[name] = torch.frombuffer(data, dtype=_TYPES[entry['dtype']], count=max(1, int(np.prod(entry['shape']))), offset=start) \
            .reshape(entry['shape']).clone()
    return tensors


def write_safetensors(path, tensors):
    header, offset = {'__metadata__': {'format': 'pt'}}, 0
    for name, tensor in tensors.items():
        size = tensor.numel() * tensor.element_size()
        header[name] = {'dtype': _NAMES[tensor.dtype], 'shape': list(tensor.shape), 'data_offsets': [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(len(text).to_bytes(8, 'little') + text)
        for tensor in tensors.values():
            raw = tensor.contiguous().cpu()
            file.write((raw.view(torch.int16) if raw.element_size() == 2 else raw).numpy().tobytes())


def _dequantised(tensors):
    """q8_0 as the app's converter writes it. Rows: int8 values and, under the name with _scale, a factor for every 32 of a row.
    Panels: 16 rows interleaved, blocks of 32 columns as bytes [quad][row][4], each value + 128."""
    scales = {name: tensors.pop(name) for name in list(tensors) if name.endswith('.weight_scale')}
    for name, scale in scales.items():
        name = name[:-len('_scale')]
        values, scale = tensors[name].float(), scale.float()
        if tensors[name].dtype == torch.uint8:
            panels = len(values)
            values = (values - 128).view(panels, -1, 8, 16, 4).permute(0, 3, 1, 2, 4).reshape(panels * 16, -1)
            scale = scale.view(panels, -1, 16).transpose(1, 2).reshape(panels * 16, -1)
        tensors[name] = (values.unflatten(-1, (-1, 32)) * scale[..., None]).flatten(-2).to(torch.bfloat16)
    return tensors


def read_folder(folder):
    """All tensors of a folder in the official layout or of its q8_0 conversion, by their official names."""
    index = os.path.join(folder, 'model.safetensors.index.json')
    files = sorted(set(json.load(open(index))['weight_map'].values())) if os.path.exists(index) else ['model.safetensors']
    tensors = {}
    for file in files:
        tensors.update(read_safetensors(os.path.join(folder, file)))
    return _dequantised(tensors)


def to_official(model):
    """Official names -> bfloat16 tensors (the routers' bias float32). The tower's
    attention pool, which the model never uses, is left out."""
    tensors = {}
    experts = model.config['language_config']['n_routed_experts']
    for name, value in model.state_dict().items():
        value = value.detach().cpu()
        if name.endswith('.mlp.load'):
            continue
        if name.startswith(('vision.', 'projector.', 'image_', 'view_')):
            tensors[name] = value
        elif name.startswith('lm_head'):
            tensors['language.' + name] = value
        else:
            official, last = 'language.model.' + name, name.rsplit('.', 1)[-1]
            stem = official[:-len(last)]
            if last == 'gate':
                tensors[stem + 'gate.weight'] = value
            elif last == 'balance':
                tensors[stem + 'gate.e_score_correction_bias'] = value
            elif last in _EXPERTS:
                for e, part in enumerate(value.chunk(experts, 1 if last == 'expert_down' else 0)):
                    tensors[f'{stem}experts.{e}.{_EXPERTS[last]}.weight'] = part
            else:
                tensors[official] = value
    return {name: value.float().contiguous() if 'e_score' in name else value.to(torch.bfloat16).contiguous() for name, value in tensors.items()}


def load_official(model, tensors, only=''):
    """Copies official tensors into the model; `only` keeps those whose official name starts with it."""
    experts = model.config['language_config']['n_routed_experts']
    names = {'language.model.embed_tokens.weight': 'embed_tokens.weight', 'language.lm_head.weight': 'lm_head.weight'}
    state, loaded = model.state_dict(), 0
    for name in state:
        if name.endswith('.mlp.load'):
            continue
        last = name.rsplit('.', 1)[-1]
        if name.startswith(('vision.', 'projector.', 'image_', 'view_')):
            official = name
        elif name.startswith('lm_head'):
            official = 'language.' + name
        else:
            official = names.get(name, 'language.model.' + name)
        stem = official[:-len(last)]
        if not official.startswith(only):
            continue
        if last == 'gate':
            value = tensors[stem + 'gate.weight']
        elif last == 'balance':
            value = tensors[stem + 'gate.e_score_correction_bias']
        elif last in _EXPERTS:
            value = torch.cat([tensors[f'{stem}experts.{e}.{_EXPERTS[last]}.weight'] for e in range(experts)],
                              1 if last == 'expert_down' else 0)
        else:
            value = tensors[official]
        with torch.no_grad():
            state[name].copy_(value.to(state[name].dtype))
        loaded += 1
    return loaded


def write_folder(tensors, source, folder, shard_bytes=15 << 20):
    """Writes shards, index and the side files of `source` (configuration, tokenizer)."""
    os.makedirs(folder, exist_ok=True)
    shards, used = [{}], 0
    for name, tensor in tensors.items():
        size = tensor.numel() * tensor.element_size()
        if shards[-1] and used + size > shard_bytes:
            shards.append({})
            used = 0
        shards[-1][name] = tensor
        used += size
    places, total = {}, sum(t.numel() * t.element_size() for t in tensors.values())
    for i, shard in enumerate(shards):
        file = f'model-{i + 1:05d}-of-{len(shards):05d}.safetensors'
        write_safetensors(os.path.join(folder, file), shard)
        places.update({name: file for name in shard})
    with open(os.path.join(folder, 'model.safetensors.index.json'), 'w') as file:
        json.dump({'metadata': {'total_size': total}, 'weight_map': places}, file, indent=1)
    for name in SIDE_FILES:
        if os.path.exists(os.path.join(source, name)) and os.path.abspath(source) != os.path.abspath(folder):
            shutil.copyfile(os.path.join(source, name), os.path.join(folder, name))
    with open(os.path.join(folder, 'config.json'), encoding='utf-8') as file:
        config = json.load(file)
    if config.pop('quantization_config', None):      # the source was a converted folder; these tensors are not
        with open(os.path.join(folder, 'config.json'), 'w', encoding='utf-8') as file:
            json.dump(config, file, indent=2)
