"""One training or test sample: pages and a conversation about them."""
import chat
import content
import pages
import signs
from content import counted, listed, with_article
from document_questions import DocumentQuestions
from raster import Page
from scene_questions import SceneQuestions
from scenes import GROUNDING, background, draw_scene, free_place, grouped, normalised, reference
from surroundings import laid

DOCUMENTS = ('text', 'notice', 'sign', 'form', 'receipt', 'table', 'dialog', 'chart')
SCENES = ('scene', 'shapes', 'poster', 'empty')
MIX = {'text': 26, 'notice': 4, 'sign': 6, 'form': 7, 'receipt': 8, 'table': 9, 'dialog': 3, 'chart': 4, 'scene': 36, 'shapes': 8, 'poster': 5,
       'empty': 3, 'multi': 16, 'ground2': 5, 'chat': 2.5}
BIG_MIX = {'text': 38, 'notice': 6, 'sign': 7, 'form': 9, 'receipt': 12, 'table': 9, 'dialog': 4, 'chart': 4, 'scene': 12, 'shapes': 5, 'poster': 5,
           'empty': 1, 'pair': 4}
USUAL_SIZES = [(640, 480), (480, 640), (800, 600), (600, 800), (1024, 768), (768, 1024), (1280, 720), (720, 1280), (850, 1100), (960, 640),
               (768, 384), (384, 768), (768, 700), (760, 560), (1100, 800), (800, 1100), (720, 405), (1200, 900), (900, 1200)]
GRIDS = {(2, 1): 3, (1, 2): 3, (2, 2): 6, (3, 2): 4, (2, 3): 4, (3, 3): 3, (3, 1): 1, (1, 3): 1.5, (4, 2): 1.5, (2, 4): 2, (4, 1): .5, (1, 4): .7}


def page_size(r, big):
    """Pixels of an image: at most one tile of 384x384 unless `big`."""
    if big:
        if r.random() < .45:
            return r.choice(USUAL_SIZES)
        columns, rows = r.choices(list(GRIDS), list(GRIDS.values()))[0]
        return int(columns * 384 * r.uniform(.74, 1.02)), int(rows * 384 * r.uniform(.74, 1.02))
    k = r.random()
    if k < .45:
        return 384, 384
    if k < .65:
        return r.choice([(384, r.randint(150, 384)), (r.randint(200, 384), 384)])
    return r.randint(200, 384), r.randint(200, 384)


def document(r, assets, kind, width, height, level):
    for _ in range(40):
        big = width > 400 or height > 400
        if kind == 'text' and big:
            size = r.randint(11, max(18, min(34, width // 24)))
            most = max(3, int(1700 / (width / (size * .5))))
            drawn = pages.text_page(r, assets, width, height, r.uniform(.4, 1.), size=size, most_lines=r.randint(1, most))
        elif kind == 'text' and level > .5 and r.random() < .4:      # small print
            drawn = pages.text_page(r, assets, width, height, .8, size=r.randint(9, 14), most_lines=r.randint(6, 28))
        elif kind == 'text':
            drawn = pages.text_page(r, assets, width, height, min(1, level * r.uniform(.1, 1.0)))
        else:
            scale = r.uniform(.9, max(1., min(2.4, width / 300))) if big else 1.
            drawn = (signs.sign_page if kind == 'sign' else getattr(pages, f'{kind}_page'))(r, assets, width, height, scale)
        if drawn.lines and (kind in ('text', 'notice') or drawn.fields):
            return drawn
        if kind != 'sign':
            width, height = max(width, 300), max(height, 300)
    raise ValueError(kind)


def document_in_picture(r, assets, kind, width, height, level):
    """A document that does not fill its picture."""
    inner = max(230, int(width * r.uniform(.4, .95))), max(230, int(height * r.uniform(.5, .97)))
    if kind in ('receipt', 'sign', 'form') and r.random() < .5:
        inner = max(230, min(inner[0], int(inner[1] * r.uniform(.4, .8)))), inner[1]
    return laid(r, assets, document(r, assets, kind, *inner, level), width, height)


def scene(r, assets, width, height, shapes=False, **options):
    while True:
        page = draw_scene(r, assets, width, height, shapes=shapes, **options)
        if page.objects:
            return page


def write_on(r, assets, page, count):
    """Writes short texts where nothing is yet; returns them top to bottom."""
    written = []
    for _ in range(count):
        size = r.randint(13, max(16, min(40, page.height // 8)))
        strike, _ = assets.strike(r, size)
        text = ' '.join(content.short_line(r, assets.corpus).split()[:r.randint(1, 5)])
        length, height = int(strike.length(text)) + 8, strike.ascent + strike.descent + 2
        place = free_place(r, page, length, height) if length < page.width - 4 and height < page.height - 4 else None
        if place is None or any(abs(place[1] - y) < height for y, _, _ in written):
            continue
        x, y = place
        below = page.pixels[y:y + height:3, x:x + length:3]
        if r.random() < .4 or below.std() > 45 or 85 < below.mean() < 170:
            page.rectangle(x, y, x + length, y + height, (r.choice([r.randint(0, 50), r.randint(200, 255)]),) * 3, r.randint(180, 255))
        dark = page.pixels[y:y + height:3, x:x + length:3].mean() > 128
        page.text(x + 4, y + 1, text, strike, tuple(r.randint(0, 70) if dark else r.randint(190, 255) for _ in range(3)))
        page.objects.append(('', (x, y, x + length, y + height)))      # keeps the next ones off
        written.append((y, x, text))
    page.objects = [item for item in page.objects if item[0]]
    return [text for _, _, text in sorted(written)]


def picture(r, assets, kind, width, height):
    """-> a page without document structure and the texts on it: things, things with text, or a background with nothing on it."""
    if kind == 'empty':
        return Page(background(r, assets, width, height)), []
    if kind != 'poster':
        count = r.choices([1, 2, 3, 4, 5, 6, 8], [8, 14, 18, 20, 16, 14, 10])[0]
        return scene(r, assets, width, height, shapes=kind == 'shapes', count=count), []
    while True:
        page = scene(r, assets, width, height, count=r.randint(1, 3)) if r.random() < .7 else Page(background(r, assets, width, height))
        texts = write_on(r, assets, page, r.randint(1, 4))
        if texts:
            return page, texts


TYPOS = {'the': 'teh', 'where': 'wher', 'what': 'waht', 'image': 'imgae', 'you': 'u', 'please': 'pls', 'there': 'ther', 'picture': 'pic'}


def sloppy(r, question):
    """Plain words as people type them."""
    if '<|' in question:
        return question
    if r.random() < .25:
        question = question.lower()
    elif r.random() < .04:
        question = question.upper()
    if r.random() < .2:
        question = question.rstrip('?.!')
    elif r.random() < .05:
        question = question.rstrip('?.!') + r.choice(['?', '!', ' ?', '..', '!!', '??'])
    if r.random() < .08 and not question.isupper():
        question = r.choice(['Please ', 'Can you tell me: ', 'Hi. ', 'Hello, ', 'Hey, ', 'ok. ', 'pls ', 'Now ']) + question[0].lower() + question[1:]
    if r.random() < .04:
        question = question.rstrip('.!') + r.choice([' please', ' Thanks.', ', please.', ' thx'])
    if r.random() < .05:
        question = ' '.join(TYPOS.get(word, word) for word in question.split(' '))
    return question


def grounding_pair(r, assets):
    """An object of the first image is to be found in the second."""
    while True:
        pool = r.sample(assets.names, 4)
        target = pool[0]
        first = scene(r, assets, *page_size(r, False), things=[target], count=1)
        second = scene(r, assets, *page_size(r, False), things=[target] + pool[1:r.randint(2, 4)], count=r.randint(2, 4))
        found = grouped(second.objects).get(target)
        if found:
            break
    if r.random() < .5:
        x1, y1, x2, y2 = first.objects[0][1]
        first.frame(x1 - 3, y1 - 3, x2 + 3, y2 + 3, (230, 20, 20), 3)
        question = 'In the first image, an object within the red rectangle is marked. Locate the object of the same category in the second image.'
    else:
        question = 'Find the object of the first image in the second image.'
    boxes = [normalised(box, second.width, second.height) for box in found]
    return [first, second], [(f'<image>\n<image>\n{GROUNDING}{question}', reference(target, boxes))]


ORDINALS = 'first second third fourth'.split()


class Shown:
    """One of several images: what it shows in words, the things on it, its text."""

    def __init__(self, r, assets, size, things, kind=None):
        if kind:
            drawn = document(r, assets, kind, *size, .25)
            self.page, self.groups, self.lines = drawn.page, {}, [line.text for line in drawn.lines]
            self.text = DocumentQuestions(r, drawn)._summary()[len('The image shows '):-1]
        else:
            count = r.choices([1, 2, 3, 4, 5], [30, 26, 20, 12, 8])[0]
            self.page, self.lines = scene(r, assets, *size, things=things, count=count), []
            self.groups = grouped(self.page.objects)
            self.text = listed([counted(name, len(boxes)) for name, boxes in self.groups.items()])


def several_images(r, assets, big=False):
    count = 2 if big else r.choices([2, 3, 4], [45, 35, 20])[0]
    pool, images = r.sample(assets.names, count + 4), []
    written = r.random() < .35      # some of them documents
    for i in range(count):
        kind = r.choice(['text', 'notice', 'sign', 'form', 'receipt', 'dialog']) if written and r.random() < .5 else None
        things = list(dict.fromkeys([pool[i]] + [r.choice(pool) for _ in range(r.choice([0, 0, 1, 1, 2]))]))
        images.append(Shown(r, assets, page_size(r, big and r.random() < .7), things, kind))
    tags = ''.join(f'This is image_{i + 1}: <image>\n' for i in range(count)) if r.random() < .35 else '<image>\n' * count
    turns = [_ask_about(r, assets, images, pool) for _ in range(r.randint(4, 9))]
    turns = [(sloppy(r, question), answer) for question, answer in dict(turns).items()]
    turns[0] = tags + turns[0][0], turns[0][1]
    return [image.page for image in images], turns


def _ask_about(r, assets, images, pool):
    k, i = r.random(), r.randrange(len(images))
    one = r.choice([f'image {i + 1}', f'image {i + 1}', f'picture {i + 1}', f'the {ORDINALS[i]} image', f'the {ORDINALS[i]} picture']
                   + ['the last image'] * (i == len(images) - 1))
    if k < .1:
        question = r.choice(['What are in the images?', 'Describe the images.', 'Can you tell me what are in the images?', 'What do the images show?',
                             'Describe these images in detail.', 'Describe each picture.', 'What is in each of the images?'])
        return question, ' '.join(f'Image {n + 1} shows {image.text}.' for n, image in enumerate(images))
    if k < .42:
        name = r.choice([name for name in r.sample(pool, len(pool)) if any(name in image.groups for image in images)] or pool) \
            if r.random() < .7 else r.choice(pool)
        hits = [str(n + 1) for n, image in enumerate(images) if name in image.groups]
        question = r.choice(['Which image shows {}?', 'In which image is {}?', 'Which picture has {}?', 'Which image has {}?', 'Where is {}?',
                             'Which of the images contains {}?', 'In which picture do you see {}?', 'On which picture is {}?'])
        question = question.format(with_article(name))
        return question, f'No image shows {with_article(name)}.' if not hits else f'Image {hits[0]} shows {with_article(name)}.' \
            if len(hits) == 1 else f'Images {listed(hits)} show {with_article(name)}.'
    if k < .5:
        hits = [str(n + 1) for n, image in enumerate(images) if image.lines]
        question = r.choice(['Which image shows text?', 'Which picture has text?', 'Which image is a document?', 'Which image can be read?'])
        return question, 'No image shows text.' if not hits else f'Image {hits[0]} shows text.' if len(hits) == 1 \
            else f'Images {listed(hits)} show text.'
    if k < .55:
        return r.choice(['How many images are there?', 'How many pictures do you see?', 'How many images did I give you?']), \
            f'There are {content.NUMBER_WORDS[len(images)]} images.'
    if k < .66:
        name = r.choice(list(images[i].groups) or pool) if r.random() < .7 else r.choice(pool)
        if not content.is_plural(name):
            number = len(images[i].groups.get(name, []))
            question = r.choice(['How many {} are in {}?', 'How many {} does {} show?', 'Count the {} in {}.']).format(content.plural(name), one)
            return question, f'There are no {content.plural(name)} in image {i + 1}.' if not number else f'There is one {name} in image {i + 1}.' \
                if number == 1 else f'There are {content.NUMBER_WORDS[number]} {content.plural(name)} in image {i + 1}.'
    if k < .74 and (images[i].lines or r.random() < .3):
        question = r.choice(['Read the text in {}.', 'What does {} say?', 'Read {}.', 'What is written in {}?']).format(one)
        return question, '\n'.join(images[i].lines) or f'There is no text in image {i + 1}.'
    question = r.choice(['What is in {}?', 'What is in {}?', 'Describe {}.', 'What does {} show?', 'What do you see in {}?', 'Tell me about {}.'])
    return question.format(one), f'Image {i + 1} shows {images[i].text}.'


def make(r, assets, kind=None, big=False, level=1.0, turn_count=None):
    """-> (pages, [(question, answer), ...]). level 0..1 is the density of text."""
    if kind is None:
        mix = BIG_MIX if big else MIX
        kind = r.choices(list(mix), list(mix.values()))[0]
    if kind == 'chat':
        return [], chat.turns(r, assets)
    if kind in ('multi', 'pair'):
        return several_images(r, assets, big)
    if kind == 'ground2':
        return grounding_pair(r, assets)
    width, height = page_size(r, big)
    if kind in DOCUMENTS:
        inside = r.random() < (.45 if big else .15)
        drawn = (document_in_picture if inside else document)(r, assets, kind, width, height, level)
        if kind != 'chart' and r.random() < .1:
            hull = drawn.page.rotate(r.uniform(-5, 5))
            for line in drawn.lines:
                line.box, line.strike = hull(line.box), None
            drawn.fields = [field[:-1] + (hull(field[-1]),) for field in drawn.fields]
        page = drawn.page
        first = (.9 if big else .75) if kind == 'text' else .6 if big else .45
        turns = DocumentQuestions(r, drawn, assets).turns(turn_count or r.randint(3, 7), read_first=r.random() < first)
        if kind != 'text' and r.random() < .5:      # a long reading must come first: later it would not fit
            r.shuffle(turns)
    else:
        page, texts = picture(r, assets, kind, width, height)
        turns = SceneQuestions(r, assets, page, texts).turns(turn_count or r.randint(6, 12))
    if r.random() < .03:
        turns.insert(r.randrange(len(turns) + 1), chat.aside(r))
    turns = [(sloppy(r, question), answer) for question, answer in turns]
    turns[0] = '<image>\n' + turns[0][0], turns[0][1]
    return [page], turns
