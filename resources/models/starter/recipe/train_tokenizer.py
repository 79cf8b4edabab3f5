"""Trains the byte-level BPE (DeepSeek's pre-tokenizer and special tokens) on the generator's own text. Needs the `tokenizers` library.

python train_tokenizer.py ASSETS tokenizer.json
A checkpoint belongs to its tokenizer: train a new one only together with a new language model.
"""
import random
import sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

import samples
from assets import Assets

SPECIAL = ['<｜begin▁of▁sentence｜>', '<｜end▁of▁sentence｜>', '<｜▁pad▁｜>', '<image>', '<|ref|>', '<|/ref|>', '<|det|>', '<|/det|>', '<|grounding|>',
           '<|User|>', '<|Assistant|>']
PIECES = ("[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|"
          "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+")


def main():
    assets, r, texts = Assets(sys.argv[1]), random.Random(3), []
    for _ in range(5000):
        for question, answer in samples.make(r, assets, level=r.random())[1]:
            texts += [question, answer]
    texts += assets.corpus['sent'][:30000] + assets.corpus['fort']
    texts += [', '.join(str(i) for i in r.sample(range(1000), 400)) for _ in range(150)]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r'\p{N}{1,3}'), 'isolated'), pre_tokenizers.Split(Regex(r'[一-龥぀-ゟ゠-ヿ]+'), 'isolated'),
        pre_tokenizers.Split(Regex(PIECES), 'isolated'), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=5120, special_tokens=[AddedToken(text, special=True, normalized=False) for text in SPECIAL],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    tokenizer.save(sys.argv[2])
    print(tokenizer.get_vocab_size(), 'tokens')


if __name__ == '__main__':
    main()
