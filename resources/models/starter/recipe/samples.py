"""One training or test sample: pages and a conversation about them."""
import chat
import content
import pages
from content import counted, listed, with_article
from document_questions import DocumentQuestions
from raster import Page
from scene_questions import SceneQuestions
from scenes import GROUNDING, background, draw_scene, free_place, grouped, normalised, reference

DOCUMENTS = ('text', 'notice', 'form', 'receipt', 'table', 'dialog', 'chart')
SCENES = ('scene', 'shapes', 'poster', 'empty')
MIX = {'text': 30, 'notice': 5, 'form': 5, 'receipt': 8, 'table': 9, 'dialog': 3, 'chart': 4, 'scene': 36, 'shapes': 5, 'poster': 5, 'empty': 3,
       'multi': 4, 'ground2': 5, 'chat': 2.5}


def page_size(r, big):
    """Pixels of an image: at most one tile of 384x384 unless `big`."""
    if big:
        k = r.random()
        if k < .3:
            return r.choice([(768, 384), (384, 768), (640, 480), (480, 640), (768, 512), (720, 405), (1100, 800), (800, 1100)])
        if k < .42:
            return r.choice([(800, 600), (1024, 768), (960, 640), (1280, 720), (600, 800), (850, 1100)])
        return r.randint(390, 900), r.randint(300, 800)
    k = r.random()
    if k < .45:
        return 384, 384
    if k < .65:
        return r.choice([(384, r.randint(150, 384)), (r.randint(200, 384), 384)])
    return r.randint(200, 384), r.randint(200, 384)


def document(r, assets, kind, width, height, level):
    for _ in range(20):
        if kind == 'text' and level > .5 and r.random() < .4:      # small print
            drawn = pages.text_page(r, assets, width, height, .8, size=r.randint(9, 14), most_lines=r.randint(6, 28))
        elif kind == 'text':
            drawn = pages.text_page(r, assets, width, height, min(1, level * r.uniform(.1, 1.0)))
        else:
            drawn = getattr(pages, f'{kind}_page')(r, assets, width, height)
        if drawn.lines and (kind in ('text', 'notice') or drawn.fields):
            return drawn
        width, height = max(width, 300), max(height, 300)
    raise ValueError(kind)


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


def several_images(r, assets):
    count = r.choice([2, 2, 3, 4])
    pool = r.sample(assets.names, count + 3)
    drawn = [scene(r, assets, *page_size(r, False), things=[pool[i]] + ([r.choice(pool)] if r.random() < .4 else [])) for i in range(count)]
    groups = [grouped(page.objects) for page in drawn]
    shown = [listed([counted(name, len(boxes)) for name, boxes in group.items()]) for group in groups]
    tags = ''.join(f'This is image_{i + 1}: <image>\n' for i in range(count)) if r.random() < .5 else '<image>\n' * count
    turns = []
    for _ in range(r.randint(1, 4)):
        k = r.random()
        if k < .4:
            question = r.choice(['What are in the images?', 'Describe the images.', 'Can you tell me what are in the images?',
                                 'What do the images show?', 'Describe these images in detail.'])
            answer = ' '.join(f'Image {i + 1} shows {text}.' for i, text in enumerate(shown))
        elif k < .8:
            name = r.choice(pool)
            hits = [str(i + 1) for i, group in enumerate(groups) if name in group]
            question = r.choice(['Which image shows {}?', 'In which image is {}?', 'Which picture has {}?']).format(with_article(name))
            answer = f'No image shows {with_article(name)}.' if not hits else f'Image {hits[0]} shows {with_article(name)}.' \
                if len(hits) == 1 else f'Images {listed(hits)} show {with_article(name)}.'
        else:
            i = r.randrange(count)
            question, answer = f'What is in image {i + 1}?', f'Image {i + 1} shows {shown[i]}.'
        turns.append((question, answer))
    turns = [(sloppy(r, question), answer) for question, answer in turns]
    turns[0] = tags + turns[0][0], turns[0][1]
    return drawn, turns


def make(r, assets, kind=None, big=False, level=1.0, turn_count=None):
    """-> (pages, [(question, answer), ...]). level 0..1 is the density of text."""
    if kind is None:
        kinds = [k for k in MIX if not big or k in DOCUMENTS + SCENES]
        kind = r.choices(kinds, [MIX[k] for k in kinds])[0]
    if kind == 'chat':
        return [], chat.turns(r, assets)
    if kind == 'multi':
        return several_images(r, assets)
    if kind == 'ground2':
        return grounding_pair(r, assets)
    width, height = page_size(r, big)
    if kind in DOCUMENTS:
        drawn = document(r, assets, kind, width, height, level)
        if kind != 'chart' and r.random() < .1:
            hull = drawn.page.rotate(r.uniform(-5, 5))
            for line in drawn.lines:
                line.box, line.strike = hull(line.box), None
            drawn.fields = [field[:-1] + (hull(field[-1]),) for field in drawn.fields]
        page = drawn.page
        turns = DocumentQuestions(r, drawn, assets).turns(turn_count or r.randint(3, 6), read_first=r.random() < (.75 if kind == 'text' else .45))
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
