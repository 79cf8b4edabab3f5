"""The held-out evaluation suite: fonts, backgrounds, texts and (one category) a drawing style that training never saw.

python suite.py ASSETS OUT [--each 25]      writes OUT/suite.json and OUT/images/*.png for `vl2 eval --suite OUT/suite.json`.
"""
import argparse
import json
import os
import random
import re

from PIL import Image

import content
import pages
import samples
from assets import HELD_STYLE, Assets
from scenes import DET, DET_END, REF, REF_END, SceneQuestions

UNSUITABLE = re.compile(r'\b(vagina|penis|sex|rape|fuck|shit|whore|prostitut|nigg|slut|bitch|coitus|copulat|erotic|genital|orgasm|suicid|nazi)',
                        re.IGNORECASE)
_BOX = re.compile(r'\[(\d+), (\d+), (\d+), (\d+)\]')


class Item:
    def __init__(self, category, drawn, question, metric, answer):
        self.category, self.pages, self.question, self.metric, self.answer = category, drawn, question, metric, answer
        self.boxes = [[int(v) for v in box] for box in _BOX.findall(answer)] if metric == 'boxes' else []


def _reading(document):
    return pages.READ[0:7], '\n'.join(line.text for line in document.lines)


def _text(r, assets, category, **options):
    size = (384, 384) if r.random() < .6 else (r.randint(300, 384), r.randint(200, 384))
    while True:
        document = pages.text_page(r, assets, *size, level=.6, **options)
        if document.lines:
            questions, answer = _reading(document)
            return Item(category, [document.page], r.choice(questions), 'cer', answer)


def short_text(r, assets):
    return _text(r, assets, 'text', size=r.randint(16, 30), most_lines=r.randint(1, 6))


def dense_text(r, assets):
    return _text(r, assets, 'dense text', size=r.randint(10, 14), most_lines=r.randint(8, 24))


def whole_page(r, assets):
    """Two to four tiles."""
    document = pages.text_page(r, assets, *r.choice([(768, 384), (384, 768), (640, 480), (768, 700)]), level=.8, size=r.randint(12, 20),
                               most_lines=r.randint(6, 16))
    questions, answer = _reading(document)
    return Item('pages', [document.page], r.choice(questions), 'cer', answer)


def document_text(kind):
    def make(r, assets):
        document = samples.document(r, assets, kind, 384, r.choice([300, 384, 384]), 1.)
        questions, answer = _reading(document)
        return Item(f'{kind} text', [document.page], r.choice(questions), 'cer', answer)
    return make


def document_field(kind):
    def make(r, assets):
        while True:
            document = samples.document(r, assets, kind, 384, r.choice([300, 384, 384]), 1.)
            questions = pages.DocumentQuestions(r, document)
            question, answer = questions.chart() if kind == 'chart' else questions.field()
            if DET not in answer and '\n' not in answer:
                return Item('chart' if kind == 'chart' else f'{kind} field', [document.page], question, 'exact', answer)
    return make


def locate_text(r, assets):
    while True:
        document = samples.document(r, assets, r.choice(['text', 'text', 'form', 'receipt']), 384, 384, .5)
        turn = pages.DocumentQuestions(r, document).locate()
        if turn:
            return Item('locate text', [document.page], turn[0], 'boxes', turn[1])


def scene(kind, category, metric, **options):
    def make(r, assets):
        while True:
            things = r.sample(assets.held_names, 4)[:r.randint(1, 4)] if options.get('styles') else None
            page = samples.scene(r, assets, *samples.page_size(r, False), shapes=False, things=things, count=len(things) if things else None,
                                 **options)
            questions = SceneQuestions(r, assets, page)
            if kind == 'name':
                name = r.choice(questions.names)
                if len(questions.names) == 1 and len(page.objects) == 1 and r.random() < .5:
                    question, answer = 'What is this?', ('These are ' if content.is_plural(name) else 'This is ') + content.counted(name, 1) + '.'
                else:
                    question, answer = questions.what_is_at()
            elif kind == 'absent':
                name = questions.absent[0]
                question = r.choice(['Locate {} in the given image.', 'Where is {}?', '{}']).format(REF + name + REF_END)
                answer = f'There is no {name} in the image.'
            else:
                question, answer = getattr(questions, kind)()
            if metric != 'boxes' or DET in answer:
                return Item(category, [page], question, metric, answer)
    return make


def two_images(r, assets):
    drawn, turns = samples.grounding_pair(r, assets)
    return Item('two images', drawn, turns[0][0], 'boxes', turns[0][1])


CATEGORIES = [short_text, dense_text, whole_page, document_text('form'), document_text('receipt'), document_field('form'),
              document_field('receipt'), document_field('table'), document_field('chart'), locate_text,
              scene('locate', 'scene boxes', 'boxes'), scene('absent', 'absent', 'deny'), scene('count', 'count', 'exact'),
              scene('name', 'names', 'exact'), scene('exists', 'exists', 'exact'), two_images,
              scene('locate', 'unseen style boxes', 'boxes', styles=HELD_STYLE), scene('name', 'unseen style names', 'exact', styles=HELD_STYLE)]


def items(assets, each, seed=20240):
    """The same items for the same assets, number and seed."""
    result = []
    for number, make in enumerate(CATEGORIES):
        r = random.Random(seed + number)
        chosen = []
        while len(chosen) < each:
            item = make(r, assets)
            if not UNSUITABLE.search(item.question + item.answer):
                chosen.append(item)
        result += chosen
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('assets')
    parser.add_argument('out')
    parser.add_argument('--each', type=int, default=25, help='items per category (18 categories)')
    a = parser.parse_args()
    os.makedirs(os.path.join(a.out, 'images'), exist_ok=True)
    entries = []
    for number, item in enumerate(items(Assets(a.assets, held=True), a.each)):
        files = []
        for i, page in enumerate(item.pages):
            files.append(f'images/{number:04d}-{i}.png')
            Image.fromarray(page.pixels).save(os.path.join(a.out, files[-1]), optimize=True)
        entries.append({'id': f'{number:04d}', 'category': item.category, 'images': files, 'question': item.question, 'metric': item.metric,
                        'answer': item.answer, 'boxes': item.boxes})
    with open(os.path.join(a.out, 'suite.json'), 'w') as file:
        json.dump({'items': entries}, file, indent=1)
    print(len(entries), 'items')


if __name__ == '__main__':
    main()
