"""One training or test sample: pages and a conversation about them."""
import chat
import pages
from content import counted, listed, with_article
from scenes import GROUNDING, SceneQuestions, draw_scene, grouped, normalised, reference

DOCUMENTS = ('text', 'form', 'receipt', 'table', 'dialog', 'chart')
SCENES = ('scene', 'shapes')
MIX = {'text': 34, 'form': 7, 'receipt': 7, 'table': 4, 'dialog': 3, 'chart': 5, 'scene': 34, 'shapes': 5, 'multi': 4, 'ground2': 4, 'chat': 1.5}


def page_size(r, big):
    """Pixels of an image: at most one tile of 384x384 unless `big`."""
    if big:
        k = r.random()
        if k < .3:
            return r.choice([(768, 384), (384, 768), (640, 480), (480, 640), (768, 512), (720, 405), (1100, 800), (800, 1100)])
        return r.randint(390, 900), r.randint(300, 800)
    k = r.random()
    if k < .45:
        return 384, 384
    if k < .65:
        return r.choice([(384, r.randint(150, 384)), (r.randint(200, 384), 384)])
    return r.randint(200, 384), r.randint(200, 384)


def document(r, assets, kind, width, height, level):
    for _ in range(20):
        if kind == 'text':
            drawn = pages.text_page(r, assets, width, height, min(1, level * r.uniform(.1, 1.0)))
        elif kind == 'receipt':
            drawn = pages.receipt_page(r, assets, width, height)
        else:
            drawn = getattr(pages, f'{kind}_page')(r, assets, width, height)
        if drawn.lines and (kind == 'text' or drawn.fields):
            return drawn
        width, height = max(width, 300), max(height, 300)
    raise ValueError(kind)


def scene(r, assets, width, height, shapes=False, **options):
    while True:
        page = draw_scene(r, assets, width, height, shapes=shapes, **options)
        if page.objects:
            return page


def sloppy(r, question):
    """Plain words as people type them."""
    if '<|' in question:
        return question
    if r.random() < .2:
        question = question.lower()
    if r.random() < .15:
        question = question.rstrip('?.!')
    if r.random() < .06:
        question = r.choice(['Please ', 'Can you tell me: ', 'Hi. ']) + question[0].lower() + question[1:]
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
            question = r.choice(['What are in the images?', 'Describe the images.', 'Can you tell me what are in the images?'])
            answer = ' '.join(f'Image {i + 1} shows {text}.' for i, text in enumerate(shown))
        elif k < .8:
            name = r.choice(pool)
            hits = [str(i + 1) for i, group in enumerate(groups) if name in group]
            question = f'Which image shows {with_article(name)}?'
            answer = f'No image shows {with_article(name)}.' if not hits else f'Image {hits[0]} shows {with_article(name)}.' \
                if len(hits) == 1 else f'Images {listed(hits)} show {with_article(name)}.'
        else:
            i = r.randrange(count)
            question, answer = f'What is in image {i + 1}?', f'Image {i + 1} shows {shown[i]}.'
        turns.append((question, answer))
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
    count = turn_count or r.randint(2, 5)
    if kind in DOCUMENTS:
        drawn = document(r, assets, kind, width, height, level)
        if kind != 'chart' and r.random() < .08:
            hull = drawn.page.rotate(r.uniform(-4, 4))
            for line in drawn.lines:
                line.box, line.strike = hull(line.box), None
            drawn.fields = [field[:-1] + (hull(field[-1]),) for field in drawn.fields]
        page = drawn.page
        questions = pages.DocumentQuestions(r, drawn)
        turns = questions.turns(count, read_first=r.random() < (.85 if kind == 'text' else .45))
        if r.random() < .5:
            r.shuffle(turns)
    else:
        page = scene(r, assets, width, height, shapes=kind == 'shapes')
        turns = SceneQuestions(r, assets, page).turns(count)
    turns = [(sloppy(r, question), answer) for question, answer in turns]
    turns[0] = '<image>\n' + turns[0][0], turns[0][1]
    return [page], turns
