#!/usr/bin/env python3
"""Cuts the reference data down to what the tests compare, and packs it.

    trim_goldens.py REFERENCE OUT

REFERENCE holds checkpoints/ and goldens/ as described in README.md beside this script. Writes
OUT/checkpoints.tar.xz and OUT/goldens.tar.xz. Needs numpy and xz. The rules, all below:

checkpoints
  vision.attn_pool.* is dropped, in micro-base filled with zeros: nothing computes with it, but
  official checkpoints have it.
  Rows of embed_tokens that no case feeds in, and rows of lm_head whose logits no case keeps, become
  zero so that they compress. Names, shapes, dtypes and shards stay as they are.
goldens
  Logits of zeroed lm_head rows become zero, which is what the trimmed checkpoint computes.
  text_only: complete except logits_all.
  one_image: inputs_embeds, vit_out_tile*, projector_out at 40 rows each ("<name>_rows"), the router
  at sel_positions ("moe_topk_*_sel"), states at sel_positions.
  other cases: ids, crops, last logits, greedy tokens, states at 8 positions ("layer_out_sel").
  Manifests lose their list of tensors; images/ and units/ are complete.
"""
import json
import math
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

import numpy as np

CHECKPOINTS = ["micro-tiny", "micro-small", "micro-base"]
KEEPS_ATTN_POOL = "micro-base"
SELECTED_ROWS = 40
SELECTED_POSITIONS = 8
LM_HEAD_STEP = 32  # besides the rows that win, every 32nd row of lm_head stays
UNUSED = "vision.attn_pool."
EMBED = "language.model.embed_tokens.weight"
LM_HEAD = "language.lm_head.weight"
DTYPES = {"F32": np.float32, "I32": np.int32, "U8": np.uint8, "BF16": np.uint16}


def read_safetensors(path):
    """name -> (dtype name, array); BF16 as its bits."""
    blob = path.read_bytes()
    (header_bytes,) = struct.unpack_from("<Q", blob)
    tensors = {}
    for name, entry in json.loads(blob[8 : 8 + header_bytes]).items():
        if name == "__metadata__":
            continue
        begin, end = (8 + header_bytes + offset for offset in entry["data_offsets"])
        array = np.frombuffer(blob[begin:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = (entry["dtype"], array.copy())
    return tensors


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, (dtype, array) in tensors.items():
        raw = np.ascontiguousarray(array).tobytes()
        header[name] = {
            "dtype": dtype,
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def spread(count, wanted):
    """`wanted` of the indices 0..count-1, evenly spread, both ends included."""
    return np.unique(np.linspace(0, count - 1, min(count, wanted)).round().astype(np.int32))


def selected_name(name):
    """layer_out.3 -> layer_out_sel.3; a name that already says so stays."""
    stem, dot, layer = name.partition(".")
    return stem.removesuffix("_sel") + "_sel" + dot + layer


def trim_case(case, tensors, kept_logits):
    """The tensors of one case that stay, in their order."""
    arrays = {name: array for name, (_, array) in tensors.items()}
    kept = {}

    def keep(*names):
        for name in names:
            kept[name] = tensors[name]

    def keep_logits(name):
        logits = arrays[name].copy()
        logits[..., ~kept_logits] = 0
        kept[name] = ("F32", logits)

    def keep_rows(name, rows):
        kept[name + "_rows"] = ("I32", rows)
        kept[name] = ("F32", arrays[name][rows])

    keep("input_ids", "images_seq_mask", "images_spatial_crop")
    keep_logits("logits_last")
    keep("greedy_ids", "greedy_top5_ids", "greedy_top5_logits")
    states = [n for n in arrays if n.startswith(("layer_out", "final_norm"))]
    routers = [n for n in arrays if n.startswith("moe_topk_")]
    if case == "text_only":
        keep("inputs_embeds", *states, *routers)
        keep(*(n for n in arrays if n.startswith("cache_")))
        keep_logits("incremental_logits_last")
    elif case == "one_image":
        positions = arrays["sel_positions"]
        keep("sel_positions", *states)
        for name in routers:
            kept[selected_name(name)] = (tensors[name][0], arrays[name][positions])
        keep("vit_rows", "vit_patch_embed_rows")
        keep(*(n for n in arrays if n.startswith("vit_block_rows.")))
        keep_rows("vit_out_tile0", spread(len(arrays["vit_out_tile0"]), SELECTED_ROWS))
        keep_rows("vit_out_tile2", spread(len(arrays["vit_out_tile2"]), SELECTED_ROWS))
        keep_rows("inputs_embeds", spread(len(arrays["inputs_embeds"]), SELECTED_ROWS))
        projected = arrays["projector_out"]  # [tiles, tokens, hidden]; rows count through all tiles
        arrays["projector_out"] = projected.reshape(-1, projected.shape[-1])
        keep_rows("projector_out", spread(len(arrays["projector_out"]), SELECTED_ROWS))
    else:
        stored = arrays.get("sel_positions", np.arange(len(arrays["input_ids"]), dtype=np.int32))
        rows = spread(len(stored), SELECTED_POSITIONS)
        kept["sel_positions"] = ("I32", stored[rows])
        for name in states:
            kept[selected_name(name)] = ("F32", arrays[name][rows])
    return kept


def used_rows(cases, special_ids, vocabulary):
    """Masks over the vocabulary: ids that are fed in, and ids whose logits are kept."""
    fed = np.zeros(vocabulary, bool)
    kept_logits = np.zeros(vocabulary, bool)
    fed[special_ids] = True
    kept_logits[::LM_HEAD_STEP] = True
    for tensors in cases.values():
        for name in ("input_ids", "greedy_ids"):
            fed[tensors[name][1]] = True
        for name in ("greedy_ids", "greedy_top5_ids"):
            kept_logits[tensors[name][1].ravel()] = True
    return fed, kept_logits


def check_trim(original, trimmed, fed, kept_logits, cases, kept_cases):
    """Fails if anything that a case computes with differs from the reference."""
    for name, (dtype, array) in original.items():
        if name.startswith(UNUSED):
            continue
        assert trimmed[name][0] == dtype and trimmed[name][1].shape == array.shape, name
        same = trimmed[name][1] == array
        rows = {EMBED: fed, LM_HEAD: kept_logits}.get(name, np.ones(len(array), bool))
        assert same[rows].all(), name
    assert trimmed.keys() <= original.keys()
    for case, tensors in cases.items():
        # A zeroed logit must never have been among the best five.
        smallest_kept = tensors["greedy_top5_logits"][1].min()
        assert smallest_kept > 0, (case, smallest_kept)
        last, full = kept_cases[case]["logits_last"][1], tensors["logits_last"][1]
        assert (last[kept_logits] == full[kept_logits]).all() and last.argmax() == full.argmax()


def special_token_ids(folder, vocabulary):
    """Added tokens of tokenizer.json, and every id behind the last ordinary one."""
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    added = [token["id"] for token in tokenizer["added_tokens"]]
    tokens = len(tokenizer["model"]["vocab"])
    return added + list(range(tokens, min(vocabulary, tokens + 32)))


def trim_checkpoint(reference, out, name):
    source = reference / "checkpoints" / name
    goldens = reference / "goldens" / "model" / name
    cases = {path.stem: read_safetensors(path) for path in sorted(goldens.glob("*.safetensors"))}
    shards = {path.name: read_safetensors(path) for path in sorted(source.glob("*.safetensors"))}
    original = {key: tensor for shard in shards.values() for key, tensor in shard.items()}
    vocabulary = original[EMBED][1].shape[0]
    fed, kept_logits = used_rows(cases, special_token_ids(source, vocabulary), vocabulary)

    trimmed = {}
    for shard, tensors in shards.items():
        for key in list(tensors):
            if key.startswith(UNUSED) and name == KEEPS_ATTN_POOL:
                tensors[key][1][...] = 0
            elif key.startswith(UNUSED):
                del tensors[key]
        for key, rows in ((EMBED, fed), (LM_HEAD, kept_logits)):
            if key in tensors:
                array = tensors[key][1].copy()
                array[~rows] = 0
                tensors[key] = (tensors[key][0], array)
        trimmed.update(tensors)
        write_safetensors(out / "checkpoints" / name / shard, tensors)
    for path in source.glob("*.json"):
        shutil.copyfile(path, out / "checkpoints" / name / path.name)
    index_path = out / "checkpoints" / name / "model.safetensors.index.json"
    if index_path.exists():
        index = json.loads(index_path.read_text())
        index["weight_map"] = {k: v for k, v in index["weight_map"].items() if k in trimmed}
        index["metadata"] = {"total_size": sum(array.nbytes for _, array in trimmed.values())}
        index_path.write_text(json.dumps(index, indent=2) + "\n")

    kept_cases = {case: trim_case(case, tensors, kept_logits) for case, tensors in cases.items()}
    check_trim(original, trimmed, fed, kept_logits, cases, kept_cases)
    for case, tensors in kept_cases.items():
        write_safetensors(out / "goldens" / "model" / name / (case + ".safetensors"), tensors)
    manifest = json.loads((goldens / "manifest.json").read_text())
    for case in manifest["cases"].values():
        del case["tensors"]
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (out / "goldens" / "model" / name / "manifest.json").write_text(text)
    parameters = sum(math.prod(array.shape) for _, array in trimmed.values())
    print(f"{name}: {parameters} parameters, {fed.sum()} embeddings, {kept_logits.sum()} lm_head rows")


def pack(folder, archive, element_bytes):
    """Reproducible tar.xz; lp and pb tell the compressor the width of the elements."""
    bits = element_bytes.bit_length() - 1
    tar = subprocess.run(
        ["tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0",
         "--mode=u=rwX,go=rX", "-C", folder.parent, "-cf", "-", folder.name],
        check=True, capture_output=True)
    filters = f"--lzma2=preset=9e,lc=0,lp={bits},pb={bits}"
    packed = subprocess.run(["xz", "-T1", filters, "-c"], check=True, input=tar.stdout,
                            capture_output=True)
    archive.write_bytes(packed.stdout)
    print(f"{archive.name}: {archive.stat().st_size} bytes")


def main():
    reference, out = (pathlib.Path(argument) for argument in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as scratch:
        staging = pathlib.Path(scratch)
        for name in CHECKPOINTS:
            trim_checkpoint(reference, staging, name)
        for folder in ("images", "units"):
            shutil.copytree(reference / "goldens" / folder, staging / "goldens" / folder,
                            copy_function=shutil.copyfile)
        pack(staging / "checkpoints", out / "checkpoints.tar.xz", 2)
        pack(staging / "goldens", out / "goldens.tar.xz", 4)


if __name__ == "__main__":
    main()
