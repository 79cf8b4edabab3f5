"""The byte-level BPE tokenizer for the text of the generator, without other libraries.

Equal to the `tokenizers` library on this text (train_tokenizer.py made tokenizer.json with it); scripts whose letters carry
combining marks would be cut differently. Words are cached.
"""
import json
import re

_SPECIAL = re.compile(r'(<｜begin▁of▁sentence｜>|<｜end▁of▁sentence｜>|<｜▁pad▁｜>|<image>|<\|/?ref\|>|<\|/?det\|>|<\|grounding\|>|'
                      r'<\|User\|>|<\|Assistant\|>)')
_RUNS = re.compile('([0-9]{1,3}|[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+)')      # digits; Chinese and Japanese
_ASCII, _LETTER, _PUNCT = r'!-/:-@\[-`{-~', r'[^\W\d_]', r'(?:[^\w\s]|_)'
_PIECES = re.compile(rf'[{_ASCII}][A-Za-z]+|(?:(?!{_PUNCT}|{_LETTER})[^\r\n])?{_LETTER}+| ?{_PUNCT}+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+')


def _byte_map():
    """The usual printable stand-ins for bytes."""
    keep = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    mapping, extra = {}, 0
    for byte in range(256):
        if byte in keep:
            mapping[byte] = chr(byte)
        else:
            mapping[byte] = chr(256 + extra)
            extra += 1
    return mapping


class Tokenizer:
    BOS, EOS, PAD = 0, 1, 2

    def __init__(self, path):
        data = json.load(open(path, encoding='utf-8'))
        self.vocabulary = data['model']['vocab']
        for token in data['added_tokens']:
            self.vocabulary[token['content']] = token['id']
        merges = [tuple(m.split(' ')) if isinstance(m, str) else tuple(m) for m in data['model']['merges']]
        self.ranks = {pair: rank for rank, pair in enumerate(merges)}
        self.names = {index: name for name, index in self.vocabulary.items()}
        self.special = {token['id'] for token in data['added_tokens']}
        self.to_symbol = _byte_map()
        self.to_byte = {symbol: byte for byte, symbol in self.to_symbol.items()}
        self.cache = {}
        self.image = self.vocabulary['<image>']

    def _merge(self, piece):
        known = self.cache.get(piece)
        if known is not None:
            return known
        parts = [self.to_symbol[byte] for byte in piece.encode('utf-8')]
        while len(parts) > 1:
            rank, i = min((self.ranks.get(pair, 1 << 30), i) for i, pair in enumerate(zip(parts, parts[1:])))
            if rank == 1 << 30:
                break
            parts[i:i + 2] = [parts[i] + parts[i + 1]]
        ids = [self.vocabulary[part] for part in parts]
        if len(self.cache) < 200000:
            self.cache[piece] = ids
        return ids

    def encode(self, text):
        ids = []
        for part in _SPECIAL.split(text):
            if part in self.vocabulary and _SPECIAL.fullmatch(part):
                ids.append(self.vocabulary[part])
                continue
            for i, run in enumerate(_RUNS.split(part)):
                if i % 2:
                    ids += self._merge(run)
                else:
                    for piece in _PIECES.findall(run):
                        ids += self._merge(piece)
        return ids

    def decode(self, ids):
        """Text of the ids; special tokens are kept as written, BOS, EOS and padding are dropped."""
        data = bytearray()
        for index in ids:
            if index in (self.BOS, self.EOS, self.PAD):
                continue
            name = self.names.get(int(index), '')
            data += name.encode('utf-8') if index in self.special else bytes(self.to_byte[symbol] for symbol in name)
        return data.decode('utf-8', 'replace')
