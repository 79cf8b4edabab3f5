"""The held-out evaluation suite: fonts, backgrounds, texts, phrases and (two categories) a drawing style that training never saw.

python suite.py ASSETS OUT [--each 24]            writes OUT/suite.json and OUT/images/*.png for `vl2 eval --suite OUT/suite.json`
python suite.py ASSETS OUT --each 2 --small       the same questions on small images, compressed, for a regression test
"""
import argparse
import json
import os
import random
import re

import numpy as np
from PIL import Image

import chat
import content
import pages
import samples
from assets import HELD_STYLE, Assets
from document_questions import DocumentQuestions
from scene_questions import READ, SceneQuestions
from scenes import DET, REF, where

UNSUITABLE = re.compile(r'\b(vagina|penis|sex|rape|fuck|shit|whore|prostitut|nigg|slut|bitch|coitus|copulat|erotic|genital|orgasm|suicid|nazi|'
                        r'drug|cocaine|heroin|kill|murder|naked|nude|breast|jew|negro|slave|hitler)', re.IGNORECASE)
_BOX = re.compile(r'\[(\d+), (\d+), (\d+), (\d+)\]')


class Item:
    def __init__(self, category, drawn, question, metric, answer):
        self.category, self.pages, self.question, self.metric, self.answer = category, drawn, question, metric, answer
        self.boxes = [[int(v) for v in box] for box in _BOX.findall(answer)] if metric == 'boxes' else []


def text(category, size, lines):
    def make(r, assets):
        while True:
            width, height = (384, 384) if r.random() < .6 else (r.randint(300, 384), r.randint(200, 384))
            document = pages.text_page(r, assets, width, height, level=.6, size=r.randint(*size), most_lines=r.randint(*lines))
            if document.lines:
                question, answer = DocumentQuestions(r, document).read()
                return Item(category, [document.page], samples.sloppy(r, question), 'cer', answer)
    return make


def whole_page(r, assets):
    """Two to four tiles."""
    document = pages.text_page(r, assets, *r.choice([(768, 384), (384, 768), (640, 480), (768, 700)]), level=.8, size=r.randint(12, 20),
                               most_lines=r.randint(6, 16))
    return Item('page', [document.page], r.choice(READ), 'cer', '\n'.join(line.text for line in document.lines))


def document(category, kind, turn, metric, known=None):
    """A question of DocumentQuestions about a page of one tile; `turn` names its method."""
    def make(r, assets):
        while True:
            drawn = samples.document(r, assets, kind, 384, r.choice([300, 384, 384]), 1.)
            asked = getattr(DocumentQuestions(r, drawn, known), turn)()
            if asked and (metric == 'boxes') == (DET in asked[1]) and (metric != 'exact' or '\n' not in asked[1]):
                return Item(category, [drawn.page], samples.sloppy(r, asked[0]), metric, asked[1])
    return make


def locate_text(r, assets):
    return document('locate_text', r.choice(['text', 'notice', 'form']), 'locate', 'boxes')(r, assets)


def between(box, page):
    """Whether the words for this place would be a matter of taste."""
    x, y = box[0] + box[2], box[1] + box[3]
    return len({where((x * a, y * b, x * a, y * b), page.width * 2, page.height * 2) for a in (.92, 1, 1.08) for b in (.92, 1, 1.08)}) > 1


def scene(turn, category, metric, **options):
    def make(r, assets):
        while True:
            things = r.sample(assets.held_names, 4)[:r.randint(1, 4)] if options.get('styles') else None
            page = samples.scene(r, assets, *samples.page_size(r, False), shapes=False, things=things, count=len(things) if things else None,
                                 **options)
            question, answer = getattr(SceneQuestions(r, assets, page), turn)()
            if metric == 'exact' and turn == 'exists' and any(between(box, page) for _, box in page.objects):
                continue
            if (metric == 'boxes') == (DET in answer) and (turn != 'count' or answer.startswith('There')):
                return Item(category, [page], samples.sloppy(r, question), metric, answer)
    return make


def poster(r, assets):
    """Text on photographs, beside pictured things."""
    page, texts = samples.picture(r, assets, 'poster', 384, r.choice([288, 384]))
    return Item('text_on_photo', [page], r.choice(READ), 'cer', '\n'.join(texts))


def empty(r, assets):
    """Things asked for where nothing is: neither a box nor a claim."""
    page, _ = samples.picture(r, assets, 'empty', 384, r.choice([288, 384]))
    question, answer = r.choice([SceneQuestions.locate, SceneQuestions.exists, SceneQuestions.position])(SceneQuestions(r, assets, page))
    return Item('nothing', [page], samples.sloppy(r, question), 'deny', answer)


def two_images(r, assets):
    drawn, turns = samples.grounding_pair(r, assets)
    return Item('two_images', drawn, turns[0][0].replace('<image>\n', ''), 'boxes', turns[0][1])


def which_image(r, assets):
    while True:
        drawn, turns = samples.several_images(r, assets)
        question, answer = turns[0]
        if len(drawn) == 2 and question.startswith('<image>') and ('hich ' in question.lower() or 'what is in' in question.lower()):
            return Item('which_image', drawn, question.replace('<image>\n', ''), 'exact', answer)


def beyond(r, assets):
    """What it cannot do, in words that training never used, and languages it was not trained on."""
    page = samples.scene(r, assets, 300, 300)
    question, answer = chat.aside(r, held=True)
    return Item('beyond', [page], question, 'exact', answer)


def in_picture(category, kind, turn, metric):
    """A document that lies in a picture of four to ten tiles."""
    def make(r, assets):
        while True:
            drawn = samples.document_in_picture(r, assets, kind, *r.choice([(800, 600), (1024, 768), (720, 960), (1280, 720)]), 1.)
            asked = getattr(DocumentQuestions(r, drawn, assets), turn)()
            if asked and (metric == 'cer' or DET not in asked[1] and '\n' not in asked[1]):
                return Item(category, [drawn.page], samples.sloppy(r, asked[0]), metric, asked[1])
    return make


def long_page(r, assets):
    """Seven to ten tiles."""
    drawn = pages.text_page(r, assets, *r.choice([(1024, 768), (768, 1024), (850, 1100), (1152, 700)]), level=.8,
                            size=r.randint(16, 26), most_lines=r.randint(6, 20))
    return Item('long_page', [drawn.page], r.choice(READ), 'cer', '\n'.join(line.text for line in drawn.lines))


def absent_field(r, assets):
    return document('absent_field', r.choice(['form', 'receipt', 'table']), 'absent_field', 'exact', known=assets)(r, assets)


def free_words(r, assets):
    """What colour, what is beside, how many in all: coloured shapes."""
    page = samples.scene(r, assets, *samples.page_size(r, False), shapes=True, count=r.randint(2, 6))
    questions = SceneQuestions(r, assets, page)
    while True:
        question, answer = getattr(questions, r.choice(['relation', 'colour', 'total', 'size']))()
        if DET not in answer and not any(between(box, page) for _, box in page.objects):
            return Item('free_words', [page], samples.sloppy(r, question), 'exact', answer)
        if r.random() < .2:
            return free_words(r, assets)


def more_images(r, assets):
    """Three or four images."""
    while True:
        drawn, turns = samples.several_images(r, assets)
        question, answer = turns[0]
        if len(drawn) > 2 and question.startswith('<image>') and '\n' not in answer and answer.count('Image') < 2:
            return Item('more_images', drawn, question.replace('<image>\n', ''), 'exact', answer)


CATEGORIES = [text('text', (16, 30), (1, 6)), text('dense', (10, 14), (8, 24)), whole_page, document('form', 'form', 'read', 'cer'),
              document('receipt', 'receipt', 'read', 'cer'), document('dialog', 'dialog', 'read', 'cer'),
              document('table_markdown', 'table', 'markdown', 'cer'), poster, document('form_field', 'form', 'field', 'exact'),
              document('receipt_field', 'receipt', 'field', 'exact'), document('table_field', 'table', 'field', 'exact'),
              document('chart', 'chart', 'chart', 'exact'), locate_text, scene('locate', 'scene_boxes', 'boxes'),
              scene('locate_absent', 'absent', 'deny'), empty, scene('exists', 'exists', 'exact'), scene('count', 'count', 'exact'),
              scene('what_is_at', 'names', 'exact'), scene('describe', 'describe', 'exact'), two_images, which_image, beyond,
              scene('locate', 'unseen_style_boxes', 'boxes', styles=HELD_STYLE),
              scene('what_is_at', 'unseen_style_names', 'exact', styles=HELD_STYLE), long_page,
              in_picture('receipt_in_picture', 'receipt', 'read', 'cer'), in_picture('field_in_picture', 'form', 'field', 'exact'),
              in_picture('sign', 'sign', 'sign', 'exact'), absent_field, free_words, more_images]


def items(assets, each, seed=20240, fits=lambda item: True):
    """The same items for the same assets, number and seed."""
    result = []
    for number, make in enumerate(CATEGORIES):
        r = random.Random(seed + number)
        chosen = []
        while len(chosen) < each:
            item = make(r, assets)
            if not UNSUITABLE.search(item.question + item.answer) and fits(item):
                chosen.append(item)
        result += chosen
    return result


def quiet(item):
    """Whether the images of an item compress well: plain backgrounds, one tile."""
    return item.category in ('page', 'text_on_photo', 'nothing') or all(
        np.abs(np.diff(page.pixels.astype(np.int16), axis=1)).mean() < 6 for page in item.pages)


def save(page, stem, small):
    """PNG; with `small` JPEG where that is smaller. -> the file's name"""
    image = Image.fromarray(page.pixels)
    palette = image.quantize(256) if small else image
    palette.save(stem + '.png', optimize=True)
    if small:
        image.save(stem + '.jpg', quality=85, optimize=True)
        os.remove(stem + ('.png' if os.path.getsize(stem + '.jpg') < os.path.getsize(stem + '.png') else '.jpg'))
    return os.path.basename(stem) + ('.png' if os.path.exists(stem + '.png') else '.jpg')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('assets')
    parser.add_argument('out')
    parser.add_argument('--each', type=int, default=24, help=f'items per category ({len(CATEGORIES)} categories)')
    parser.add_argument('--seed', type=int, default=20240)
    parser.add_argument('--small', action='store_true')
    a = parser.parse_args()
    os.makedirs(os.path.join(a.out, 'images'), exist_ok=True)
    entries = []
    for number, item in enumerate(items(Assets(a.assets, held=True), a.each, a.seed, quiet if a.small else lambda item: True)):
        files = ['images/' + save(page, os.path.join(a.out, 'images', f'{number:04d}-{i}'), a.small) for i, page in enumerate(item.pages)]
        entries.append({'id': f'{number:04d}', 'category': item.category, 'images': files, 'question': item.question, 'metric': item.metric,
                        'answer': item.answer, 'boxes': item.boxes})
    with open(os.path.join(a.out, 'suite.json'), 'w', encoding='utf-8') as file:
        json.dump({'items': entries}, file, indent=1, ensure_ascii=False)
    print(len(entries), 'items')


if __name__ == '__main__':
    main()
